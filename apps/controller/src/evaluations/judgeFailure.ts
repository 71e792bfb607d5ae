import { AppError, FAILURES } from "@signalbox/model";

/** The verdict on a failed evaluation: the task waits for its next turn, or is given up. */
export type FailureVerdict = { kind: "postpone"; delayMs: number } | { kind: "give_up" };

/** A task's wait after its first failure, and the longest wait, in milliseconds; waits double. */
export const WAIT_MS = { first: 5_000, max: 300_000 } as const;

/** Judges the latest of `failures` failures in a row of one task's evaluation. Pure. */
export function judgeFailure(error: unknown, failures: number): FailureVerdict {
  if (error instanceof AppError && !FAILURES[error.code].retry) return { kind: "give_up" };
  return { kind: "postpone", delayMs: Math.min(WAIT_MS.first * 2 ** (failures - 1), WAIT_MS.max) };
}
