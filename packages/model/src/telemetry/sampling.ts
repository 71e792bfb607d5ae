import { z } from "zod";

const Share = z.number().min(0).max(1);

/**
 * The finished traces that are kept: those with an error (`keepErrors`), those slower, costlier or scored lower than a limit (null:
 * no such limit), and `restShare` of the project's other traces. A trace is over when nothing of it has arrived for `waitSeconds`.
 */
export const TailSampling = z.strictObject({
  keepErrors: z.boolean().default(true),
  slowerThanMs: z.number().positive().nullable().default(null),
  costlierThanUsd: z.number().positive().nullable().default(null),
  scoredBelow: z.number().nullable().default(null),
  restShare: Share.default(0),
  waitSeconds: z.number().int().min(5).max(3_600).default(30),
});
export type TailSampling = z.infer<typeof TailSampling>;

/**
 * How much of a project's telemetry is kept: `headShare` of its traces, whatever
 * happens in them, and of those the ones that `tail` keeps (null: all).
 */
export const SamplingRules = z.strictObject({ headShare: Share.default(1), tail: TailSampling.nullable().default(null) });
export type SamplingRules = z.infer<typeof SamplingRules>;

/** The first hex digit of a trace id's random part (its last 56 bits), and how much of that part a number holds exactly. */
const RANDOM_FROM_DIGIT = 18;
const RANDOM_DIGITS = 13;

/**
 * Whether a trace (32 hex digits) is among the `share` (0 to 1) of traces that are kept. Every sender and
 * process decides alike, and a larger share contains every smaller one. As in OpenTelemetry's "Probability
 * Sampling": kept if the last 56 bits of the id, read as a fraction, are at least 1 - `share`.
 */
export function isSampled(traceId: string, share: number): boolean {
  const randomness = Number.parseInt(traceId.slice(RANDOM_FROM_DIGIT, RANDOM_FROM_DIGIT + RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS;
  return randomness >= 1 - share;
}
