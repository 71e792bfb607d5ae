import type { Decision, RecordedAttempt, Step, TaskRecording } from "@signalbox/model";
import { SERVICES } from "../identity.ts";

/** An attempt with the steps and decisions that it recorded. `startedUs` is microseconds since 1970. */
export type RecordedAttemptPart = RecordedAttempt & { steps: readonly Step[]; decisions: readonly Decision[]; startedUs: number };

const OURS: ReadonlySet<string> = new Set(Object.values(SERVICES));

/**
 * Whether a decision was taken by the runtime's worker. The gateway's comes before the first attempt; those of others come between runs.
 */
export function isWorkers({ actor: { service } }: Decision): boolean {
  return OURS.has(service) && service !== SERVICES.gateway;
}

/** The attempts of a recording, in order, each with its own steps and decisions. */
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

/** Decisions that others than the runtime took about a task, in order: to redrive it, or to give it up for good. */
export function foreignDecisions({ decisions }: TaskRecording): Decision[] {
  return decisions.filter(({ actor: { service } }) => !OURS.has(service));
}

/** Whether an attempt failed in the worker itself, not in a service. */
export function failedInWorker({ outcome, error }: Pick<RecordedAttempt, "outcome" | "error">): boolean {
  return outcome === "failed" && error?.service === SERVICES.worker;
}

/** Whether the worker gave the attempt up before doing any of its work: nothing on record could fail like that again. */
export function isGivenUp({ error }: Pick<RecordedAttempt, "error">): boolean {
  return error?.class === "kills_worker" || error?.class === "unserved";
}

/** Whether an attempt ended without an ending of its own, because its worker died or released the task. It left no trace of that. */
export function wasCut({ outcome }: Pick<RecordedAttempt, "outcome">): boolean {
  return outcome !== "done" && outcome !== "failed";
}
