import { setTimeout as delay } from "node:timers/promises";
import { dropScratch, noteModelUse, noteOutsideCall, type ReplayClaim, scratchOverlay } from "@signalbox/db/prisma";
import {
  AppError,
  agentVersionOf,
  type Decision,
  type ReplayPlan,
  type ReplayReport,
  type Scene,
  type TaskRecording,
} from "@signalbox/model";
import { FAILURES_MAX } from "../../worker/failTask.ts";
import { runTask } from "../../worker/runTask.ts";
import type { WorkerMeans } from "../../worker/worker.ts";
import { requireRecord } from "../completeness.ts";
import { openMemoryJournals } from "../memoryJournals.ts";
import { recordedQuarantine } from "../replayRecorded.ts";
import { reportOn } from "../report.ts";
import { recordedSide, sideOf, verdictOn } from "../sides.ts";
import { type Manifests, manifestOf, requireVersion, servedBy } from "../versions.ts";
import { type Cut, cutRecord } from "./cutRecord.ts";
import { type LiveServices, openLiveServices } from "./liveServices.ts";
import { expectedState, remakeWorld } from "./scratchWorld.ts";

/** The means of a live replay: a worker's means, the known versions, and `halt`, which is aborted once the worker loses the replay. */
type Means = WorkerMeans & { manifests: Manifests; halt: AbortSignal };

/** Throws `invalid_input` if a prompt or a model is set although no model plans the task. */
function requireModel(
  { id, steps }: TaskRecording,
  { request: { planner } }: Cut,
  { model, prompt }: ReplayPlan,
  { unclear }: Means,
): void {
  const isAsked =
    planner.kind === "llm" || unclear === "llm" || steps.some(({ stage }) => stage.kind === "route" && stage.output.planner === "llm");
  if (isAsked || (model === null && prompt === null)) return;
  throw new AppError(
    "invalid_input",
    `Task ${id} is planned by ${planner.kind === "person" ? "a person" : planner.kind}, and asks no model.`,
    {
      hint: "Another model or prompt changes nothing in it.",
    },
  );
}

/**
 * Continues the task from the cut in its record, attempt by attempt as a worker does; nothing of it reaches a queue, a journal or the
 * task's data.
 */
async function goOn(means: Means, recording: TaskRecording, plan: ReplayPlan, cut: Cut, services: LiveServices) {
  const { manifests, limits, halt } = means;
  const routed = recording.decisions[0] as Decision;
  const request = { ...cut.request, lane: "batch" as const };
  const journals = openMemoryJournals(
    { id: recording.id, request, traceId: recording.traceId, createdAt: new Date(routed.time), routed },
    cut,
  );
  const version = servedBy(cut.version, plan);
  const runner = {
    ...means,
    ...{ journals, services, quarantine: recordedQuarantine(async () => {}) },
    limits: { ...limits, failuresMax: FAILURES_MAX },
    version: { ...agentVersionOf(manifestOf(manifests, version)), name: version },
    manifestOf: async (name: string) => manifestOf(manifests, name),
  };
  for (let number = cut.attempt; ; number += 1) {
    const attempt = {
      ...{ attempt: number, run: cut.run, worker: means.worker, version, servedBy: version, startedAt: routed.time, endedAt: null },
      ...{ outcome: "done" as "done" | "failed", error: null, last: Number.MAX_SAFE_INTEGER },
    };
    journals.enter(attempt);
    const { handled } = await runTask(runner, recording.id);
    halt.throwIfAborted();
    if (handled.kind !== "again" || services.refused !== null) return { journals, refused: services.refused };
    attempt.outcome = "failed";
    await delay(handled.delayMs, undefined, { signal: halt });
  }
}

/**
 * Replays a task live from the plan's step on. Earlier steps come from the record; then models are called and our tools run, on a copy of
 * the task's data that is deleted afterwards. Calls of outside tools stay on record. Throws `conflict` for an incomplete record or data
 * that cannot be rebuilt, `not_found` for an unknown version, `invalid_input` for an unknown step, or for a model where none plans.
 */
export async function replayLive(means: Means, recording: TaskRecording, claim: ReplayClaim): Promise<ReplayReport> {
  const { prisma, services, halt } = means;
  const { plan } = claim;
  requireRecord(recording);
  const cut = cutRecord(recording, plan.from);
  requireVersion({ id: recording.id, attempts: recording.attempts.filter(({ attempt }) => attempt === cut.attempt) }, plan);
  requireModel(recording, cut, plan, means);

  const { domain, world, expectation } = cut.request;
  const sceneOf = (overlay: string): Scene => ({ domain, world, overlay });
  const scratch = { own: sceneOf(scratchOverlay(claim)), outside: sceneOf(scratchOverlay({ ...claim, attempt: 0 })) };
  const clear = () => dropScratch(prisma, claim, { domain, world });
  await clear();
  try {
    await remakeWorld(services.tools, scratch.own, recording.id, cut.steps);
    const live = openLiveServices(services, recording.steps.slice(cut.stepsBefore), plan, scratch, {
      halt,
      noteOutside: (call) => noteOutsideCall(prisma, claim, call),
      noteModelUse: (use) => noteModelUse(prisma, claim, use),
    });
    const played = await goOn(means, recording, plan, cut, live);

    const [before, after] = [await services.tools.state(sceneOf(recording.id)), await services.tools.state(scratch.own)];
    await clear();
    const expected = expectation && (await expectedState(services.tools, scratch.own, expectation));
    const matches = (hash: string): boolean | null => (expected === undefined ? null : expected.dataHash === hash);
    const { status, error, attempts, result } = played.journals.task;
    const recorded = { ...recordedSide(recording, before), verdict: verdictOn(cut.request, recording.result, matches(before.dataHash)) };
    const verdict = verdictOn(cut.request, result, played.refused === null ? matches(after.dataHash) : null);
    const replayed = sideOf(played.journals.steps, {
      version: servedBy(cut.version, plan),
      status,
      error,
      attempts,
      result,
      state: after,
      verdict,
    });
    return reportOn(recording, played, {
      ...{ plan, fromRecord: [...live.fromRecord], recorded, replayed },
      strictness: { versions: false, courses: false },
    });
  } finally {
    await clear();
  }
}
