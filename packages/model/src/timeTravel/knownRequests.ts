import type { Decision } from "../tasks/decision.ts";
import type { Step } from "../tasks/step.ts";
import type { TaskRequest } from "../tasks/task.ts";

/** The known part of a run's request; `planner` is null where it is no longer known, and so is the whole. */
export type KnownRequest = { message: string; planner: TaskRequest["planner"] | null } | null;

/**
 * The request of each run, as far as it is still known: a run whose dead letter is gone has that of the next run, if it
 * was redriven unchanged, else the message that its own steps understood. It never has another run's request otherwise.
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
