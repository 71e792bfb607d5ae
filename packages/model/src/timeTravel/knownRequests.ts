import type { Decision } from "../tasks/decision.ts";
import type { Step } from "../tasks/step.ts";
import type { TaskRequest } from "../tasks/task.ts";

/** What is known of what was asked for in a run; `planner` is null where nobody knows it any more, and so is the whole. */
export type KnownRequest = { message: string; planner: TaskRequest["planner"] | null } | null;

/**
 * What was asked for in each run, of what is kept of it: a run whose dead letter is gone has what the next one was asked for,
 * if that was redriven as it was, else the message that its own steps understood. Another run's request is never taken for it.
 */
export function knownRequests(
  kept: readonly (Pick<TaskRequest, "message" | "planner"> | null)[],
  steps: readonly Step[],
  decisions: readonly Decision[],
): KnownRequest[] {
  const redrives = decisions.filter(({ kind }) => kind === "replayed");
  const messageOf = (run: number): KnownRequest => {
    const [after, upTo] = [redrives[run - 2]?.attempt ?? 0, redrives[run - 1]?.attempt ?? Number.POSITIVE_INFINITY];
    for (const { attempt, stage } of steps)
      if (stage.kind === "understand" && attempt > after && attempt <= upTo) return { message: stage.input.message, planner: null };
    return null;
  };
  const known: KnownRequest[] = [];
  for (let run = kept.length; run > 0; run -= 1) {
    const next = redrives[run - 1]?.detail.isEdited === false ? known[0] : undefined;
    known.unshift(kept[run - 1] ?? next ?? messageOf(run));
  }
  return known;
}
