import { AppError } from "@signalbox/model";
import { z } from "zod";
import { openEmbeddedVectorStore } from "./embedded/embeddedVectorStore.ts";
import type { VectorStore } from "./vectorStore.ts";

const Env = z.object({
  SIGNALBOX_VECTOR_STORE: z.enum(["embedded"]).default("embedded"),
});

/** Which vector store to use. */
export type VectorStoreSettings = { kind: "embedded" };

/** Reads from an environment which vector store to use; an empty variable counts as unset. Throws what is wrong with it. */
export function vectorStoreSettings(env: NodeJS.ProcessEnv): VectorStoreSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = Env.safeParse(set);
  if (!parsed.success) throw new AppError("infrastructure", `The settings of the vector store are wrong: ${z.prettifyError(parsed.error)}`);
  return { kind: parsed.data.SIGNALBOX_VECTOR_STORE };
}

/** Opens the vector store that the settings name. `folder` is where the embedded one keeps its snapshots; without it, it keeps none. */
export async function openVectorStore(_settings: VectorStoreSettings, folder?: string): Promise<VectorStore> {
  return openEmbeddedVectorStore(folder);
}
