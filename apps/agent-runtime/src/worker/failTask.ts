import type { JournalStore } from "@signalbox/db/prisma";
import type { AttemptReport, DeadLetterCause } from "@signalbox/model";
import { type Clock, dateOfUs } from "../clock.ts";
import { deadLettered, failed, retried } from "../decisions/choices.ts";
import type { Handled } from "../queue/taskQueue.ts";
import { resultOf } from "./conversation.ts";
import { deadLetterOf } from "./deadLetter.ts";
import { type Failure, fingerprintOf } from "./failure.ts";
import type { Journal } from "./journal.ts";

/**
 * Limits on attempts: after `failuresMax` failed ones a task becomes a dead letter. The first retry comes after `retryDelayMs`
 * milliseconds, each later one after twice as long. An attempt longer than `attemptMsMax` milliseconds has failed.
 */
export type AttemptLimits = { failuresMax: number; retryDelayMs: number; attemptMsMax: number };

/** The attempt that is failing; `failures` counts the earlier failed attempts of this run. */
export type FailingAttempt = { journal: Journal; failures: number; isAlone: boolean; worker: string; startedUs: number };

export const FAILURES_MAX = 3;

type Means = { journals: JournalStore; clock: Clock; limits: AttemptLimits };

/** Why there will be no further attempt; null if there will be one. */
function causeOfDeath({ failures }: FailingAttempt, failure: Failure, limits: AttemptLimits): DeadLetterCause | null {
  if (failure.class === "kills_worker" || failure.class === "unserved") return failure.class;
  if (failure.class === "limit_reached" || failure.class === "forbidden") return "refused";
  if (!failure.isRetryable) return "not_retryable";
  if (failures + 1 < limits.failuresMax) return null;
  return failure.class === "timed_out" ? "timed_out" : "attempts_exhausted";
}

async function retry({ clock, limits }: Means, { journal, failures }: FailingAttempt, failure: Failure): Promise<Handled> {
  const delayMs = limits.retryDelayMs * 2 ** failures;
  const choices = [failed(failure), retried(journal.task.attempts + 1, delayMs)];
  await journal.end(choices, () => ({ kind: "retry", error: failure, failedUs: clock.nowUs(), backoffMs: delayMs }));
  return { kind: "again", delayMs };
}

async function giveUp({ journals, clock }: Means, attempt: FailingAttempt, failure: Failure, cause: DeadLetterCause): Promise<Handled> {
  const { task, steps, end } = attempt.journal;
  const finishedUs = clock.nowUs();
  const now = dateOfUs(finishedUs);
  const last: AttemptReport = {
    attempt: task.attempts,
    worker: attempt.worker,
    version: attempt.journal.version,
    startedAt: dateOfUs(attempt.startedUs).toISOString(),
    endedAt: now.toISOString(),
    outcome: "failed",
    error: { class: failure.class, message: failure.message },
    isAlone: attempt.isAlone,
    backoffMs: null,
  };
  const attempts = [...(await journals.endedAttempts(task.id, task.run)), last];
  const fingerprint = fingerprintOf(failure);
  const choices = [failed(failure), deadLettered(cause, failure.message, fingerprint)];
  await end(choices, (head) => ({
    kind: "dead",
    error: failure,
    result: resultOf(steps, false),
    letter: deadLetterOf(task, { cause, failure, fingerprint, attempts }, head, now),
    finishedUs,
  }));
  return { kind: "finished" };
}

/** Records a failed attempt: the task goes back to the queue for a while, or becomes a dead letter. */
export async function failTask(means: Means, attempt: FailingAttempt, failure: Failure): Promise<Handled> {
  const cause = causeOfDeath(attempt, failure, means.limits);
  return cause === null ? retry(means, attempt, failure) : giveUp(means, attempt, failure, cause);
}
