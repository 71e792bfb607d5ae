import { z } from "zod";

/** How the scores of judges are signed: `judge:<id>`. */
export const JUDGE_PREFIX = "judge:";

/**
 * What a judge's score took. `id` is 16 hex digits of the SHA-256 of the model and of all that it is told: another word
 * in the rubric makes another judge. `asked` counts its answers, unusable ones too; `costUsd` is an estimate at list
 * price, null where no list has the model. `agreement` is the share of its pairs of answers to the same question that
 * agree, null where it was asked once. `leftOutBytes` counts what was too long to be shown to it, in bytes of UTF-8.
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
