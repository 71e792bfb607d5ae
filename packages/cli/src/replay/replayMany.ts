import { type PrismaClient, readRecordings } from "@signalbox/db/prisma";
import {
  type AgentManifest,
  type Divergence,
  type Ending,
  hasSucceeded,
  type ReplayChange,
  type ReplayPlan,
  type ReplayRequest,
  replayChange,
  type TaskRecording,
} from "@signalbox/model";
import type { ReplayProcess } from "./replayProcess.ts";

/**
 * One of many replays. `change` is its effect on the task's outcome,
 * `succeeded` whether the task did on record and does now (null: unknown).
 * `outcomeChanged` is null for one that was stopped at a call that is not on record.
 */
export interface ReplayedTask {
  taskId: string;
  name: string;
  traceId: string;
  outcome: "identical" | "diverged";
  outcomeChanged: boolean | null;
  change: ReplayChange;
  succeeded: { recorded: boolean | null; replayed: boolean | null };
  divergence: Divergence | null;
}

/** The change of a task's outcome by a replay, from the endings of both sides. */
export function changeOf({ recorded, replayed }: { recorded: Ending; replayed: Ending }): Pick<ReplayedTask, "change" | "succeeded"> {
  return {
    change: replayChange(recorded, replayed),
    succeeded: { recorded: hasSucceeded(recorded), replayed: hasSucceeded(replayed) },
  };
}

/** The number of replays by change. */
export function countChanges(tasks: readonly ReplayedTask[]): Record<ReplayChange, number> {
  const counts = { same: 0, fixed: 0, worse: 0, other: 0, unknown: 0 };
  for (const { change } of tasks) counts[change] += 1;
  return counts;
}

/**
 * The results of many replays; `stopped` counts those whose end is unknown. `changes` counts their effects on the tasks' outcomes. `failed` could not be replayed, each with
 * the reason; `executed` counts stages over all of them, `hashes` decisions (null: live replays have their own). `askedCostUsd`
 * is the cost of new model calls (US dollars at list price), `askedTokens` their tokens; both include failed replays.
 */
export interface ReplayTotals {
  replayed: number;
  identical: number;
  diverged: number;
  outcomeChanged: number;
  stopped: number;
  changes: Record<ReplayChange, number>;
  executed: Record<string, number>;
  hashes: { equal: number; total: number } | null;
  askedCostUsd: number;
  askedTokens: number;
  tasks: ReplayedTask[];
  failed: { taskId: string; code: string; message: string; hint?: string | undefined; costUsd?: number; tokens?: number }[];
}

/** The number of recordings in memory at a time. */
const PAGE = 50;

/** A request to replay a task, with the manifests of the versions involved. */
export function requestFor(recording: TaskRecording, plan: ReplayPlan, manifests: Record<string, AgentManifest>): ReplayRequest {
  const names = new Set([plan.against, recording.decisions[0]?.detail.version, ...recording.attempts.map(({ version }) => version)]);
  return { recording, plan, manifests: Object.fromEntries(Object.entries(manifests).filter(([name]) => names.has(name))) };
}

/** Replays tasks, a page of recordings at a time; `onProgress` gets the number done. */
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
    ...{ replayed: 0, identical: 0, diverged: 0, outcomeChanged: 0, stopped: 0, changes: countChanges([]), executed: {} },
    ...{ hashes: hashed, askedCostUsd: 0, askedTokens: 0, tasks: [], failed: [] },
  };
  for (let from = 0; from < ids.length; from += PAGE) {
    const recordings = await readRecordings(prisma, ids.slice(from, from + PAGE));
    const traces = new Map(recordings.map(({ id, traceId }) => [id, traceId]));
    const requests = recordings.map((recording) => requestFor(recording, plan, manifests));
    for (const answer of await replaying.replay(requests, (answers) => onProgress(from + answers))) {
      if ("error" in answer) {
        totals.failed.push({ taskId: answer.taskId, ...answer.error });
        continue;
      }
      const { taskId, name, outcome, outcomeChanged, divergence, executed, hashes } = answer.report;
      totals.replayed += 1;
      totals[outcome] += 1;
      totals.outcomeChanged += outcomeChanged === true ? 1 : 0;
      totals.stopped += outcomeChanged === null ? 1 : 0;
      hashed.equal += hashes.equal;
      hashed.total += hashes.total;
      for (const [kind, count] of Object.entries(executed)) totals.executed[kind] = (totals.executed[kind] ?? 0) + count;
      const traceId = String(traces.get(taskId));
      totals.tasks.push({ taskId, name, traceId, outcome, outcomeChanged, ...changeOf(answer.report), divergence });
    }
  }
  return { ...totals, changes: countChanges(totals.tasks) };
}
