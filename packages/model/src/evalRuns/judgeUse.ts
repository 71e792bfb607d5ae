import { z } from "zod";

/** The prefix of a judge's name where it signs scores: `judge:<id>`. */
export const JUDGE_PREFIX = "judge:";

/**
 * The cost of a judge's score. `id` is the first 16 hex digits of the SHA-256 of the model and everything it is told:
 * changing a word of the rubric makes another judge. `asked` counts its answers, unusable ones too; `costUsd` is an estimate
 * at list price, null where no list has the model. `agreement` is the share of agreeing pairs among its answers to the same
 * question, null where it was asked once. `leftOutBytes` counts the input that was too long to show it, in bytes of UTF-8.
 */
export const JudgeUse = z.strictObject({
  id: z.string(),
  model: z.string(),
  asked: z.int().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative().nullable(),
  agreement: z.number().min(0).max(1).nullable(),
  leftOutBytes: z.int().nonnegative().default(0),
});
export type JudgeUse = z.infer<typeof JudgeUse>;
