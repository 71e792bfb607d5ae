import { spanIdOf } from "../ids.ts";
import type { Decision } from "../tasks/decision.ts";
import type { Step } from "../tasks/step.ts";
import type { KnownRequest } from "./knownRequests.ts";

/** The record of a task, in order. `requests` has the known part of each run's request: a redrive may change it. */
export type TaskHistory = {
  id: string;
  requests: readonly KnownRequest[];
  steps: readonly Step[];
  decisions: readonly Decision[];
};

/**
 * One moment of a task's life: a finished step with the decisions taken in it, or one decision about the task as a whole.
 * `key` names it permanently: the number of its step, or `d` and the `seq` of its decision. `time` is ISO 8601, UTC.
 */
export type TaskMoment = { key: string; time: string; step: Step | null; decisions: readonly Decision[] };

const timeOf = ({ finishedUs }: Step): string => new Date(Math.floor(finishedUs / 1_000)).toISOString();

/**
 * The moments of a task in the order in which they happened: a decision
 * about the whole task comes after all steps of the attempts up to its own.
 */
export function momentsOf({ id, steps, decisions }: TaskHistory): TaskMoment[] {
  const stepOfSpan = new Map(steps.map(({ step }) => [spanIdOf(id, step), step]));
  const stepOf = ({ spanId }: Decision): number | undefined => (spanId === null ? undefined : stepOfSpan.get(spanId));
  const takenIn = Map.groupBy(decisions, stepOf);

  const moments: TaskMoment[] = [];
  const waiting = [...steps].reverse();
  const finishSteps = (isMeant: (step: Step) => boolean): void => {
    for (let step = waiting.at(-1); step !== undefined && isMeant(step); step = waiting.at(-1)) {
      moments.push({ key: String(step.step), time: timeOf(step), step, decisions: takenIn.get(step.step) ?? [] });
      waiting.pop();
    }
  };
  for (const decision of decisions) {
    const number = stepOf(decision);
    if (number !== undefined) finishSteps(({ step }) => step <= number);
    else {
      // The first decision is the gateway's, before any attempt.
      if (decision.seq > 0) finishSteps(({ attempt }) => attempt <= decision.attempt);
      moments.push({ key: `d${decision.seq}`, time: decision.time, step: null, decisions: [decision] });
    }
  }
  finishSteps(() => true);
  return moments;
}
