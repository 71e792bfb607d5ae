import { listReplayable, type PrismaClient, type ReplayableFilter, readRecordings } from "@signalbox/db/prisma";
import { type AgentManifest, AppError, type Divergence, type ReplayPlan, type ReplayRequest, type TaskRecording } from "@signalbox/model";
import type { ReplayProcess } from "./replayProcess.ts";

/** One of many replays. */
export interface ReplayedTask {
  taskId: string;
  name: string;
  outcome: "identical" | "diverged";
  outcomeChanged: boolean;
  divergence: Divergence | null;
}

/**
 * What many replays came to. `failed` could not be replayed, each with the reason; `executed` counts stages of all of them, `hashes` decisions (null: live replays have their own). `askedCostUsd` is
 * what the models took that were asked again (US dollars at list price).
 */
export interface ReplayTotals {
  replayed: number;
  identical: number;
  diverged: number;
  outcomeChanged: number;
  executed: Record<string, number>;
  hashes: { equal: number; total: number } | null;
  askedCostUsd: number;
  tasks: ReplayedTask[];
  failed: { taskId: string; code: string; message: string; hint?: string | undefined }[];
}

/** So many records are in hand at a time. */
const PAGE = 50;

/** More than this in one go is more than anybody looks at. */
export const REPLAYS_MAX = 10_000;

/** A task to be replayed, with what is known of the versions that have to do with it. */
export function requestFor(recording: TaskRecording, plan: ReplayPlan, manifests: Record<string, AgentManifest>): ReplayRequest {
  const names = new Set([plan.against, recording.decisions[0]?.detail.version, ...recording.attempts.map(({ version }) => version)]);
  return { recording, plan, manifests: Object.fromEntries(Object.entries(manifests).filter(([name]) => names.has(name))) };
}

/** The tasks that a filter names. Throws `not_found` when there are none. */
export async function findReplayable(prisma: PrismaClient, filter: ReplayableFilter, rowsMax: number): Promise<string[]> {
  const ids = await listReplayable(prisma, filter, rowsMax);
  if (ids.length > 0) return ids;
  throw new AppError(
    "not_found",
    "fingerprint" in filter
      ? `No dead letter of the project ${filter.project} has the fingerprint ${filter.fingerprint}.`
      : `No task of the project ${filter.project} ended that was asked for in that time.`,
  );
}

/** Replays tasks, a page of records at a time; `onProgress` hears how many are done. */
export async function replayMany(
  prisma: PrismaClient,
  replaying: ReplayProcess,
  ids: readonly string[],
  plan: ReplayPlan,
  manifests: Record<string, AgentManifest>,
  onProgress: (done: number) => void,
): Promise<ReplayTotals> {
  const hashed = { equal: 0, total: 0 };
  const totals: ReplayTotals = {
    ...{ replayed: 0, identical: 0, diverged: 0, outcomeChanged: 0, executed: {}, hashes: hashed, askedCostUsd: 0, tasks: [], failed: [] },
  };
  for (let from = 0; from < ids.length; from += PAGE) {
    const recordings = await readRecordings(prisma, ids.slice(from, from + PAGE));
    const requests = recordings.map((recording) => requestFor(recording, plan, manifests));
    for (const answer of await replaying.replay(requests, (answers) => onProgress(from + answers))) {
      if ("error" in answer) {
        totals.failed.push({ taskId: answer.taskId, ...answer.error });
        continue;
      }
      const { taskId, name, outcome, outcomeChanged, divergence, executed, hashes } = answer.report;
      totals.replayed += 1;
      totals[outcome] += 1;
      totals.outcomeChanged += outcomeChanged ? 1 : 0;
      hashed.equal += hashes.equal;
      hashed.total += hashes.total;
      for (const [kind, count] of Object.entries(executed)) totals.executed[kind] = (totals.executed[kind] ?? 0) + count;
      totals.tasks.push({ taskId, name, outcome, outcomeChanged, divergence });
    }
  }
  return totals;
}
