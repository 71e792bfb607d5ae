import { z } from "zod";

/** Which prompt a model was given: a file by its name and version, and 12 hex digits of its content's SHA-256. */
export const PromptUsed = z.strictObject({ name: z.string(), version: z.string(), hash: z.string() });
export type PromptUsed = z.infer<typeof PromptUsed>;

/**
 * One call of a model as it was made and answered. `model` is the one that answered, by its own name.
 * Cached tokens are inside the input, reasoning tokens inside the output. `costUsd` is an estimate at list
 * price, null where no list has the model. `requestHash` is the SHA-256 of the request (the name of its
 * cassette), `toolsHash` that of the tools in it. `isEstimate` says that the endpoint reported no tokens.
 */
export const ModelCall = z.strictObject({
  model: z.string(),
  finishReason: z.string(),
  cachedTokens: z.number().int().nonnegative(),
  reasoningTokens: z.number().int().nonnegative(),
  isEstimate: z.boolean(),
  costUsd: z.number().nonnegative().nullable(),
  prompt: PromptUsed,
  toolsHash: z.string(),
  requestHash: z.string(),
  isReplayed: z.boolean(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/** Who answered a step and what it took. Without a `call` nobody was asked: a recording was played, and its tokens are estimates. */
export const ModelUse = z.strictObject({
  provider: z.string(),
  model: z.string(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  call: ModelCall.nullable(),
});
export type ModelUse = z.infer<typeof ModelUse>;

/** A token is about four characters of English. */
const CHARACTERS_PER_TOKEN = 4;

/** How many tokens texts are, for want of a count: an estimate. */
export function estimateTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN);
}
