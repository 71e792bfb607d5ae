import { AppError, FAILURES } from "@signalbox/model";

/** What becomes of a task whose evaluation failed: it waits for its next turn, or nothing will ever come of it. */
export type FailureVerdict = { kind: "postpone"; delayMs: number } | { kind: "give_up" };

/** How long a task waits after its first failure, and at most; the wait doubles from one to the next. */
export const WAIT_MS = { first: 5_000, max: 300_000 } as const;

/** Judges the latest of `failures` in a row of one task's evaluation. Pure. */
export function judgeFailure(error: unknown, failures: number): FailureVerdict {
  if (error instanceof AppError && !FAILURES[error.code].retry) return { kind: "give_up" };
  return { kind: "postpone", delayMs: Math.min(WAIT_MS.first * 2 ** (failures - 1), WAIT_MS.max) };
}
