import type { Decision, RecordedAttempt, Step, TaskRecording } from "@signalbox/model";
import { SERVICES } from "../identity.ts";

/** An attempt with what it left on record. `startedUs` is microseconds since 1970. */
export type RecordedAttemptPart = RecordedAttempt & { steps: readonly Step[]; decisions: readonly Decision[]; startedUs: number };

const OURS: ReadonlySet<string> = new Set(Object.values(SERVICES));

/**
 * Whether a decision was taken by the runtime's worker; the gateway's comes
 * before the first attempt, and what others decided comes between runs.
 */
export function isWorkers({ actor: { service } }: Decision): boolean {
  return OURS.has(service) && service !== SERVICES.gateway;
}

/** The attempts of a recording with what each left, in order. */
export function attemptsOf({ attempts, steps, decisions }: TaskRecording): RecordedAttemptPart[] {
  const stepsOf = Map.groupBy(steps, ({ attempt }) => attempt);
  const decisionsOf = Map.groupBy(decisions.filter(isWorkers), ({ attempt }) => attempt);
  return attempts.map((attempt) => ({
    ...attempt,
    steps: stepsOf.get(attempt.attempt) ?? [],
    decisions: decisionsOf.get(attempt.attempt) ?? [],
    startedUs: Date.parse(attempt.startedAt) * 1_000,
  }));
}

/** What others than the runtime decided of a task, in order: that it runs again, or that it is given up for good. */
export function foreignDecisions({ decisions }: TaskRecording): Decision[] {
  return decisions.filter(({ actor: { service } }) => !OURS.has(service));
}

/** Whether an attempt failed in none of the services, but in the worker itself. */
export function failedInWorker({ outcome, error }: Pick<RecordedAttempt, "outcome" | "error">): boolean {
  return outcome === "failed" && error?.service === SERVICES.worker;
}

/** Whether an attempt failed of what its worker decided before it did anything: nothing on record could fail like that again. */
export function isGivenUp({ error }: Pick<RecordedAttempt, "error">): boolean {
  return error?.class === "kills_worker" || error?.class === "unserved";
}

/** Whether an attempt ended without an end of its own: its worker died, or let go of the task. It left no trace of that. */
export function wasCut({ outcome }: Pick<RecordedAttempt, "outcome">): boolean {
  return outcome !== "done" && outcome !== "failed";
}
