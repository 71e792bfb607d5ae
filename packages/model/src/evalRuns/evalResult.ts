import { z } from "zod";
import { JudgeUse } from "./judgeUse.ts";

/**
 * A score of a try, under the name that the run gives its scorer. `value` is averaged, higher is better; `passed` is null where
 * there is no threshold. `judge` is set where a model judged. With `isFailure` the scorer could not score, for the reason in
 * `explanation`; `value` is then a meaningless 0 that is left out of every mean. Older results lack the flag and have a plain 0.
 */
export const EvalScore = z.strictObject({
  name: z.string(),
  value: z.number(),
  passed: z.boolean().nullable(),
  explanation: z.string(),
  judge: JudgeUse.exactOptional(),
  isFailure: z.literal(true).exactOptional(),
});
export type EvalScore = z.infer<typeof EvalScore>;

/**
 * The result of one try of an item in an eval run. `position` is the item's place in its dataset, from 0; `trial` counts the item's
 * tries from 0; `unit` is the independent unit of analysis: the item, or what several items share (a task, a conversation). A `failed`
 * try has an `error` and scores 0 with every scorer. `traceId` is null where the target reported no trace; `latencyMs` is wall time.
 */
export const EvalResult = z.strictObject({
  position: z.int().nonnegative(),
  itemId: z.string(),
  trial: z.int().nonnegative(),
  unit: z.string(),
  state: z.enum(["answered", "failed"]),
  input: z.unknown(),
  expected: z.unknown(),
  output: z.unknown(),
  error: z.string().nullable(),
  scores: z.array(EvalScore),
  traceId: z.string().nullable(),
  latencyMs: z.number().nonnegative(),
  costUsd: z.number().nonnegative().nullable(),
  tokens: z.int().nonnegative().nullable(),
});
export type EvalResult = z.infer<typeof EvalResult>;
