import { hashedVector } from "../text/hashedVector.ts";
import type { Embedder } from "./embedder.ts";

const DIMENSIONS = 1_024;

/**
 * Vectors of words and their parts, without a model or a network. Word
 * weights are known only at query time, so they apply to queries alone.
 */
export const HASHED_EMBEDDER: Embedder = {
  name: `hashed-${DIMENSIONS}`,
  async embed(texts) {
    return texts.map((text) => hashedVector(text, DIMENSIONS));
  },
  async embedQuery(text, weightOf) {
    return hashedVector(text, DIMENSIONS, weightOf);
  },
};
