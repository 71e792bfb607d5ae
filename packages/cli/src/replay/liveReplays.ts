import { userInfo } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import {
  listReplays,
  type PrismaClient,
  type ReplayableFilter,
  type ReplayEndings,
  readReplay,
  readReplayBatch,
  readReplayEndings,
  startReplay,
  startReplays,
} from "@signalbox/db/prisma";
import {
  AppError,
  FAILURES,
  type FailureCode,
  type KeptReplay,
  REPLAY_BATCH_MAX,
  type ReplayPlan,
  type ReplayReport,
} from "@signalbox/model";
import { changeOf, countChanges, type ReplayTotals } from "./replayMany.ts";
import { spentText } from "./replayText.ts";

/** The polling interval for a worker's progress, in milliseconds. */
const LOOK_EVERY_MS = 300;

/** An order for live replays: the plan, and the reason. */
export type LiveOrder = { plan: ReplayPlan; reason: string | null };

function order({ plan, reason }: LiveOrder) {
  return { plan, reason, actor: userInfo().username, now: new Date() };
}

/** The error of a recorded failure. */
export function recordedFailure({ code, message, hint }: { code: string; message: string; hint?: string | undefined }): AppError {
  return new AppError(code in FAILURES ? (code as FailureCode) : "infrastructure", message, hint === undefined ? {} : { hint });
}

/** A sentence about the models' usage of a failed replay. */
function spentSentence(costUsd: number, tokens: number): string {
  return `Models took ${spentText(costUsd, tokens)} until then.`;
}

/** Has a worker replay a task live, and waits for the result; the replay is stored. Throws the replay's failure. */
export async function replayLive(prisma: PrismaClient, project: string, taskId: string, asked: LiveOrder): Promise<ReplayReport> {
  const { id } = await startReplay(prisma, project, taskId, order(asked));
  for (;;) {
    const { report, error, costUsd, tokens } = await readReplay(prisma, project, id);
    if (report !== null) return report;
    if (error !== null)
      throw recordedFailure(tokens === 0 ? error : { ...error, message: `${error.message} ${spentSentence(costUsd, tokens)}` });
    await delay(LOOK_EVERY_MS);
  }
}

function totalsOf(replays: readonly KeptReplay[], endings: ReadonlyMap<string, ReplayEndings>): ReplayTotals {
  const tasks = replays.flatMap(({ id, taskId, name, outcome, outcomeChanged, divergence }) => {
    const ended = endings.get(id);
    if (outcome === null || ended === undefined) return [];
    const { traceId } = ended;
    return [{ taskId, name, traceId, outcome, outcomeChanged, ...changeOf(ended), divergence }];
  });
  return {
    replayed: tasks.length,
    identical: tasks.filter(({ outcome }) => outcome === "identical").length,
    diverged: tasks.filter(({ outcome }) => outcome === "diverged").length,
    outcomeChanged: tasks.filter((task) => task.outcomeChanged === true).length,
    stopped: tasks.filter((task) => task.outcomeChanged === null).length,
    ...{ changes: countChanges(tasks), executed: {}, hashes: null, tasks },
    askedCostUsd: replays.reduce((sum, { costUsd }) => sum + costUsd, 0),
    askedTokens: replays.reduce((sum, { tokens }) => sum + tokens, 0),
    failed: replays.flatMap(({ taskId, error, costUsd, tokens }) => (error === null ? [] : [{ taskId, ...error, costUsd, tokens }])),
  };
}

/** The totals of a batch's replays that have ended. */
export async function batchTotals(prisma: PrismaClient, batchId: string): Promise<ReplayTotals> {
  const replays = await listReplays(prisma, { batchId }, REPLAY_BATCH_MAX);
  return totalsOf(replays.toReversed(), await readReplayEndings(prisma, batchId));
}

/**
 * Has workers replay the tasks that a filter found live, and waits for all of them; `onStart` gets the id of their batch,
 * `onProgress` the number that have ended. Throws `conflict` where some were deleted meanwhile.
 */
export async function replayManyLive(
  prisma: PrismaClient,
  of: ReplayableFilter,
  ids: readonly string[],
  asked: LiveOrder,
  { onStart, onProgress }: { onStart: (batchId: string) => void; onProgress: (done: number) => void },
): Promise<ReplayTotals> {
  const batchId = await startReplays(prisma, of, ids, order(asked));
  onStart(batchId);
  for (;;) {
    const { replays, counts } = await readReplayBatch(prisma, of.project, batchId);
    const left = counts.pending + counts.running;
    onProgress(replays - left);
    if (left === 0) break;
    await delay(LOOK_EVERY_MS);
  }
  const totals = await batchTotals(prisma, batchId);
  const missing = ids.length - totals.replayed - totals.failed.length;
  if (missing > 0)
    throw new AppError(
      "conflict",
      `${missing} of ${ids.length} replays are not on record any more: their tasks, or what they came to, were deleted meanwhile.`,
      {
        hint: "The others are kept with their tasks, in the console.",
      },
    );
  return totals;
}
