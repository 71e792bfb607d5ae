import type { ReplayPlan, ReplayReport, TaskRecording, TaskRequest } from "@signalbox/model";
import type { Services } from "../worker/converse.ts";
import { requireComplete } from "./completeness.ts";
import { type Replay, replayRecorded } from "./replayRecorded.ts";
import { reportOn } from "./report.ts";
import { recordedSide, sideOf, verdictOn } from "./sides.ts";
import { type Manifests, requireVersion, servedBy } from "./versions.ts";

/** `computed` may be other code than the runtime's own; `manifests` are the known versions. */
type Means = { computed?: Partial<Pick<Services, "language" | "planning">>; manifests?: Manifests };

/** Whether every tool was called as it was then, so that the data ended up the same too. */
function calledTheSame(recording: TaskRecording, { journals }: Replay, { tools }: ReplayPlan): boolean {
  const outputs = ({ result }: Pick<TaskRecording, "result">): string => JSON.stringify(result?.toolCalls ?? []);
  return Object.keys(tools).length === 0 && outputs(recording) === outputs(journals.task);
}

/** Replays a task and compares it with its record. Throws `conflict` for an incomplete record, `not_found` for an unknown version. */
export async function replayTask(
  recording: TaskRecording,
  plan: ReplayPlan,
  { computed = {}, manifests = {} }: Means = {},
): Promise<ReplayReport> {
  requireVersion(recording, plan);
  requireComplete(recording);
  const played = await replayRecorded(recording, plan, manifests, computed);

  const { task, steps } = played.journals;
  const { status, error, attempts, result } = task;
  const recorded = recordedSide(recording);
  const request = recording.requests.at(-1) as TaskRequest;
  const dataMatches = calledTheSame(recording, played, plan) ? (recorded.verdict?.finalState ?? null) : null;
  const verdict = recorded.verdict === null ? null : verdictOn(request, result, dataMatches);
  const replayed = sideOf(steps, { version: servedBy(recorded.version, plan), status, error, attempts, result, state: null, verdict });

  return reportOn(recording, played, {
    ...{ plan, fromRecord: [], recorded, replayed },
    strictness: { versions: plan.against === null, courses: true },
  });
}
