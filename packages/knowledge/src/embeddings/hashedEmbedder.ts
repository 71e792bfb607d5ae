import { hashedVector } from "../text/hashedVector.ts";
import type { Embedder } from "./embedder.ts";

const DIMENSIONS = 1_024;

/**
 * Vectors of words and their parts, without any model or network. What is telling is known
 * when a question is asked, not when a text is stored, so questions alone are weighted.
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
