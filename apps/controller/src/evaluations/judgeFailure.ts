import { AppError, type BackOff, backOffMs, FAILURES } from "@signalbox/model";

/** The verdict on a failed evaluation: the task waits for its next turn, or is given up. */
export type FailureVerdict = { kind: "postpone"; delayMs: number } | { kind: "give_up" };

/** How long a task waits after failures. */
export const WAIT: BackOff = { firstMs: 5_000, msMax: 300_000 };

/** Judges the latest of `failures` failures in a row of one task's evaluation. Pure. */
export function judgeFailure(error: unknown, failures: number): FailureVerdict {
  if (error instanceof AppError && !FAILURES[error.code].retry) return { kind: "give_up" };
  return { kind: "postpone", delayMs: backOffMs(WAIT, failures) };
}
