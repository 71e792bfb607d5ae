import { z } from "zod";

/** How much of a project's telemetry is kept: `headShare` of its traces, 0 to 1. */
export const SamplingRules = z.strictObject({ headShare: z.number().min(0).max(1).default(1) });
export type SamplingRules = z.infer<typeof SamplingRules>;

/** Where the random part of a trace id (its last 56 bits) begins, and how much of it a number holds exactly. */
const RANDOM_FROM_DIGIT = 18;
const RANDOM_DIGITS = 13;

/**
 * Whether a trace (32 hex digits) is among the `share` (0 to 1) of traces that are kept. Every sender and every process decides the same of a trace,
 * and what a smaller share keeps, a larger one keeps too. As OpenTelemetry's "Probability Sampling" has it: kept if the last 56 bits
 * of the id, read as a fraction, are at least 1 - `share`.
 */
export function isSampled(traceId: string, share: number): boolean {
  const randomness = Number.parseInt(traceId.slice(RANDOM_FROM_DIGIT, RANDOM_FROM_DIGIT + RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS;
  return randomness >= 1 - share;
}
