import { AppError, readEnvironment } from "@signalbox/model";
import { z } from "zod";
import { openEmbeddedVectorStore } from "./embedded/embeddedVectorStore.ts";
import type { VectorStore } from "./vectorStore.ts";

const Env = z.object({
  SIGNALBOX_VECTOR_STORE: z.enum(["embedded", "qdrant", "weaviate", "pinecone"]).default("embedded"),
  SIGNALBOX_VECTOR_STORE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_VECTOR_STORE_KEY: z.string().optional(),
  SIGNALBOX_VECTOR_STORE_PREFIX: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9_]{0,40}$/, "it begins with a capital, and letters, digits and underscores follow")
    .default("Signalbox_"),
});

/** The choice of vector store. `key` is its API key; `prefix` begins the names of what is created in it. */
export type VectorStoreSettings =
  | { kind: "embedded" }
  | { kind: "qdrant" | "weaviate"; url: string; key: string | undefined; prefix: string }
  | { kind: "pinecone"; url: string; key: string };

const wrong = (message: string): AppError => new AppError("infrastructure", message);

/** Reads the choice of vector store from an environment. Throws for invalid settings. */
export function vectorStoreSettings(env: NodeJS.ProcessEnv): VectorStoreSettings {
  const settings = readEnvironment(Env, env, "the vector store");
  const { SIGNALBOX_VECTOR_STORE: kind, SIGNALBOX_VECTOR_STORE_URL: url, SIGNALBOX_VECTOR_STORE_KEY: key } = settings;
  if (kind === "embedded") return { kind };
  if (url === undefined) throw wrong(`SIGNALBOX_VECTOR_STORE is ${kind}, and SIGNALBOX_VECTOR_STORE_URL does not say where it is.`);
  if (kind !== "pinecone") return { kind, url, key, prefix: settings.SIGNALBOX_VECTOR_STORE_PREFIX };
  if (key === undefined) throw wrong("Pinecone needs a key: set SIGNALBOX_VECTOR_STORE_KEY.");
  return { kind, url, key };
}

/** Opens the vector store of the settings. Remote clients are loaded lazily. */
export async function openVectorStore(settings: VectorStoreSettings): Promise<VectorStore> {
  switch (settings.kind) {
    case "embedded":
      return openEmbeddedVectorStore();
    case "qdrant":
      return (await import("./remote/qdrantVectorStore.ts")).openQdrantVectorStore(settings);
    case "weaviate":
      return (await import("./remote/weaviateVectorStore.ts")).openWeaviateVectorStore(settings);
    case "pinecone":
      return (await import("./remote/pineconeVectorStore.ts")).openPineconeVectorStore(settings);
  }
}
