import { z } from "zod";

/** The prompt that a model was given: the name and version of its file, and 12 hex digits of the SHA-256 of its content. */
export const PromptUsed = z.strictObject({ name: z.string(), version: z.string(), hash: z.string() });
export type PromptUsed = z.infer<typeof PromptUsed>;

/**
 * One model call with its answer. `model` is the one that answered, by its own name. Cached tokens are included in the input, reasoning
 * tokens in the output. `costUsd` is an estimate at list price, null where no list has the model. `requestHash` is the SHA-256 of the
 * request (and the name of its cassette), `toolsHash` that of the tools in it. `isEstimate`: the endpoint reported no tokens.
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

/**
 * The model that answered a step, and its usage. Without a `call` no model was asked: a recording was played, and its tokens are estimates.
 */
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

/** The estimated number of tokens in texts, where no count was reported. */
export function estimateTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN);
}
