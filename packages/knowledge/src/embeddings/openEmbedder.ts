import { AppError, readEnvironment } from "@signalbox/model";
import { z } from "zod";
import type { Embedder } from "./embedder.ts";
import { type EmbeddingsEndpoint, openEndpointEmbedder } from "./endpointEmbedder.ts";
import { HASHED_EMBEDDER } from "./hashedEmbedder.ts";

const Env = z.object({
  SIGNALBOX_EMBEDDINGS_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIGNALBOX_EMBEDDINGS_MODEL: z.string().optional(),
  SIGNALBOX_EMBEDDINGS_KEY: z.string().optional(),
});

/** Reads the embeddings endpoint from an environment; undefined where it is not set, and texts are hashed. Throws for invalid settings. */
export function embeddingsSettings(env: NodeJS.ProcessEnv): EmbeddingsEndpoint | undefined {
  const settings = readEnvironment(Env, env, "embeddings");
  const { SIGNALBOX_EMBEDDINGS_URL: url, SIGNALBOX_EMBEDDINGS_MODEL: model, SIGNALBOX_EMBEDDINGS_KEY: key } = settings;
  if (url === undefined) return undefined;
  if (model === undefined)
    throw new AppError("infrastructure", "SIGNALBOX_EMBEDDINGS_URL is set, and SIGNALBOX_EMBEDDINGS_MODEL does not name a model.");
  return { url, model, key };
}

/** Opens the embedder of the settings. */
export function openEmbedder(endpoint: EmbeddingsEndpoint | undefined): Embedder {
  return endpoint === undefined ? HASHED_EMBEDDER : openEndpointEmbedder(endpoint);
}
