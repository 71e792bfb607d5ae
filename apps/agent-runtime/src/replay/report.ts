import type { ReplayPlan, ReplayReport, ReplaySide, TaskRecording } from "@signalbox/model";
import { equalHashes, firstDivergence, type Strictness } from "./firstDivergence.ts";
import { substituteFor } from "./recordedServices.ts";
import type { Replay } from "./replayRecorded.ts";

/** The findings of a replay besides its journal: its plan, both sides, and the strictness of their comparison. */
export type Findings = Pick<ReplayReport, "fromRecord" | "recorded" | "replayed"> & { plan: ReplayPlan; strictness: Strictness };

function countStages({ journals: { steps } }: Replay): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { stage } of steps) counts[stage.kind] = (counts[stage.kind] ?? 0) + 1;
  return counts;
}

/** Whether the task ended differently, as far as both sides are known; null where the replay was stopped before its end. */
function endsOtherwise(recorded: ReplaySide, replayed: ReplaySide): boolean | null {
  if (replayed.status !== "done" && replayed.status !== "dead") return null;
  const isKnown = replayed.verdict?.reward != null && recorded.verdict?.reward != null;
  return replayed.status !== recorded.status || (isKnown && replayed.verdict?.reward !== recorded.verdict?.reward);
}

/** The tools for which the plan has an answer that no call of the replay asked for. */
function unaskedOf({ tools, from }: ReplayPlan, { steps }: ReplaySide): string[] {
  const calls = steps.flatMap(({ step, stage }) => (step >= from && stage.kind === "tool" ? [stage.input] : []));
  const isAsked = (name: string): boolean => calls.some((asked) => asked.call.name === name && substituteFor(tools, asked) !== null);
  return Object.keys(tools).filter((name) => !isAsked(name));
}

/** The report on a replay: its first divergence from the record, and both sides. */
export function reportOn(recording: TaskRecording, played: Replay, { plan, strictness, ...findings }: Findings): ReplayReport {
  const { mode, from } = plan;
  const { recorded, replayed } = findings;
  const { task, steps, decisions } = played.journals;
  const refused = played.refused === null ? null : { step: played.refused.step, what: played.refused.what };
  const found = firstDivergence(recording, { steps, decisions }, strictness);
  const divergence = found ?? (refused && { step: refused.step, seq: null, field: "fence", recorded: null, replayed: refused.what });
  const asked = mode === "live" ? replayed.steps.filter(({ step }) => step >= from) : [];
  return {
    ...{ taskId: recording.id, name: task.request.name },
    outcome: divergence === null ? "identical" : "diverged",
    outcomeChanged: endsOtherwise(recorded, replayed),
    ...{
      mode,
      from,
      divergence,
      refused,
      unasked: refused === null ? unaskedOf(plan, replayed) : [],
      executed: countStages(played),
      hashes: equalHashes(recording, { steps, decisions }),
    },
    askedCostUsd: asked.reduce((sum, { costUsd }) => sum + costUsd, 0),
    ...findings,
  };
}
