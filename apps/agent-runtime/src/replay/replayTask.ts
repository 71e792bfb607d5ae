import { AppError, type ReplayPlan, type ReplayReport, type TaskRecording, type TaskRequest } from "@signalbox/model";
import type { Services } from "../worker/converse.ts";
import { requireComplete } from "./completeness.ts";
import { equalHashes, firstDivergence } from "./firstDivergence.ts";
import { type Replay, replayRecorded } from "./replayRecorded.ts";
import { recordedSide, type States, sideOf, verdictOn } from "./sides.ts";
import { type Manifests, requireVersion, servedBy } from "./versions.ts";

/** What a replay came to, and the states that its data and the expected data are in, where it had data of its own. */
export type Played = Replay & { states: States | null };

/** Replays the live part of a plan. */
export type PlayLive = (recording: TaskRecording, plan: ReplayPlan, liveFrom: number, manifests: Manifests) => Promise<Played>;

/** `computed` may be other code than the runtime's own; without `playLive` a plan has no live part; `manifests` are what is known of versions. */
type Means = { computed?: Partial<Pick<Services, "language" | "planning">>; playLive?: PlayLive; manifests?: Manifests };

/** Throws `invalid_input` for a plan that asks for what cannot be. */
function requireSense({ id, steps }: TaskRecording, { liveFrom, prompt, model }: ReplayPlan): void {
  if (liveFrom === null && (prompt !== null || model !== null))
    throw new AppError("invalid_input", "A recorded answer is to the prompt and the model that it was given by.", {
      hint: "Another prompt or model needs a live part: --mode live, or --from STEP.",
    });
  if (liveFrom !== null && liveFrom > steps.length + 1)
    throw new AppError("invalid_input", `Task ${id} has ${steps.length} steps: there is no step ${liveFrom} to go live from.`);
}

function countStages({ journals: { steps } }: Replay): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { stage } of steps) counts[stage.kind] = (counts[stage.kind] ?? 0) + 1;
  return counts;
}

/** Whether every tool was called as it was then: the data is then as it was then, too. */
function calledTheSame(recording: TaskRecording, { journals }: Replay, { tools }: ReplayPlan): boolean {
  const outputs = ({ result }: Pick<TaskRecording, "result">): string => JSON.stringify(result?.toolCalls ?? []);
  return Object.keys(tools).length === 0 && outputs(recording) === outputs(journals.task);
}

/**
 * Replays a task and compares it with its record. Throws `conflict` for a record that
 * is incomplete, `not_found` for a version that is not here, `invalid_input` for a plan that makes no sense.
 */
export async function replayTask(
  recording: TaskRecording,
  plan: ReplayPlan,
  { computed = {}, playLive, manifests = {} }: Means = {},
): Promise<ReplayReport> {
  requireVersion(recording, plan);
  requireComplete(recording);
  requireSense(recording, plan);
  const { liveFrom } = plan;
  if (liveFrom !== null && playLive === undefined) throw new TypeError("nothing live was opened");
  const played: Played =
    liveFrom === null || playLive === undefined
      ? { ...(await replayRecorded(recording, plan, manifests, computed)), states: null }
      : await playLive(recording, plan, liveFrom, manifests);

  const { task, steps, decisions } = played.journals;
  const { status, error, attempts, result } = task;
  const recorded = recordedSide(recording);
  const request = recording.requests.at(-1) as TaskRequest;
  const dataMatches = calledTheSame(recording, played, plan) ? (recorded.verdict?.finalState ?? null) : null;
  const verdict = recorded.verdict === null ? null : verdictOn(request, result, played.states, dataMatches);
  const replayed = sideOf(steps, { version: servedBy(recorded.version, plan), status, error, attempts, result, verdict });

  const found = firstDivergence(recording, { steps, decisions }, { times: liveFrom === null, versions: plan.against === null });
  const refused = played.refused === null ? null : { step: played.refused.step, what: played.refused.what };
  const divergence = found ?? (refused && { step: refused.step, seq: null, field: "fence", recorded: null, replayed: refused.what });
  const isKnown = verdict?.reward != null && recorded.verdict?.reward != null;
  return {
    ...{ taskId: recording.id, name: request.name, mode: liveFrom === null ? "recorded" : "live", liveFrom },
    outcome: divergence === null ? "identical" : "diverged",
    outcomeChanged: replayed.status !== recorded.status || (isKnown && verdict.reward !== recorded.verdict?.reward),
    ...{ divergence, refused, executed: countStages(played), hashes: equalHashes(recording, { steps, decisions }), recorded, replayed },
  };
}
