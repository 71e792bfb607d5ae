import { AppError, KeptReplayPlan, type ModelUse, type ReplayPlan, type ReplayReport, type Scene, TaskRequest } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { DIED } from "../tasks/attemptStore.ts";
import { IS_PAUSED } from "../tasks/pauseStore.ts";
import { dropOverlay } from "../worlds/worldStore.ts";
import type { FailedReplay } from "./replayStore.ts";

/** A replay claimed by a worker. `attempt` is its fencing token. */
export type ReplayClaim = { id: string; taskId: string; plan: ReplayPlan; attempt: number };

/** The end of a replay: a report, or the reason why there is none. */
export type ReplayEnd = { report: ReplayReport } | { error: FailedReplay };

/** A worker without a heartbeat for its replay for this long, in milliseconds, is taken for dead. */
const CLAIM_MS = 20_000;

/** A replay with which this many workers died is not retried. */
const DEATHS_MAX = 3;

/** The time for which a replay waits for workers of a build that is no longer seen, in milliseconds. */
const BUILD_GONE_AFTER_MS = 3_600_000;

const seconds = (ms: number): Prisma.Sql => Prisma.sql`make_interval(secs => ${ms / 1_000})`;

/**
 * Whether a worker may still write for a row of `replay`: a cancelled one runs on until its worker notices, or its heartbeat has expired.
 */
export const MAY_BE_IN_HAND = Prisma.sql`(COALESCE(replay.claimed_until > now(), false)
  OR (replay.status = 'cancelled' AND replay.attempts > 0 AND replay.ended_at > now() - ${seconds(CLAIM_MS)}))`;

/** Whether the worker of a row of `replay` is dead: its heartbeat has expired. */
const HAS_LAPSED = Prisma.sql`(replay.status = 'running' AND claimed_until < now())`;

/** Whether a row of `replay` may be run at all: not if external calls would be repeated, nor if it keeps killing its workers. */
const IS_SAFE = Prisma.sql`(outside_calls = 0 AND NOT (${HAS_LAPSED} AND deaths + 1 >= ${DEATHS_MAX}))`;

/** Whether a process may die of a row of `replay`: one already did, of it or of its task. */
const IS_SUSPECT = Prisma.sql`(${HAS_LAPSED} OR deaths > 0 OR EXISTS (SELECT FROM attempt WHERE attempt.task_id = replay.task_id AND ${DIED}))`;

/**
 * The overlay in which an attempt at a live replay writes, apart from all other data.
 * That of attempt 0 keeps the record of external calls for as long as the task exists.
 */
export function scratchOverlay({ id, attempt }: Pick<ReplayClaim, "id" | "attempt">): string {
  return `replay:${id}:${attempt}`;
}

/** The scratch overlay of a row of `replay` and an `attempt` of it, in SQL. */
export const SCRATCH_OVERLAY = Prisma.sql`'replay:' || replay.id || ':' || attempt`;

/** Deletes what attempts at a replay wrote in their scratch overlays, up to the claim's own; external calls stay on record. */
export async function dropScratch(
  prisma: PrismaClient,
  { id, attempt }: Pick<ReplayClaim, "id" | "attempt">,
  scene: Omit<Scene, "overlay">,
): Promise<void> {
  for (let each = 1; each <= attempt; each += 1) await dropOverlay(prisma, { ...scene, overlay: scratchOverlay({ id, attempt: each }) });
}

/** Rows of replays that ended without their worker, whose leftovers are to be deleted. */
type Ended = { id: string; attempt: number; request: unknown };

async function dropScratches(prisma: PrismaClient, ended: readonly Ended[]): Promise<void> {
  for (const { request, ...claim } of ended.filter(({ attempt }) => attempt > 0)) {
    const { domain, world } = TaskRequest.parse(request);
    await dropScratch(prisma, claim, { domain, world });
  }
}

/**
 * Claims the longest-waiting replay for a worker of `build`, or one whose worker died; null where
 * there is none. One that was asked for alone goes before those of a batch. A suspect may kill its process: only a worker that runs nothing else (`isAlone`)
 * gets it, others are only told of it. Live replays wait while the queue of their project is paused.
 */
export async function claimReplay(
  prisma: PrismaClient,
  { build, isAlone }: { build: string; isAlone: boolean },
): Promise<ReplayClaim | "suspect" | null> {
  const [row] = await askStateStore(
    () => prisma.$queryRaw<{ id: string; isTaken: boolean; taskId: string; plan: unknown; attempt: number }[]>`
    WITH next AS (
      SELECT replay.id, ${HAS_LAPSED} AS has_lapsed, ${IS_SUSPECT} AS is_suspect
      FROM replay JOIN task ON task.id = replay.task_id
      WHERE ((replay.status = 'pending' AND (not_before IS NULL OR not_before <= now())) OR ${HAS_LAPSED}) AND ${IS_SAFE}
        AND (replay.build IS NULL OR replay.build = ${build}) AND NOT (plan ->> 'mode' = 'live' AND ${IS_PAUSED})
      ORDER BY replay.batch_id IS NOT NULL, replay.created_at, replay.id LIMIT 1 FOR UPDATE OF replay SKIP LOCKED
    ), taken AS (
      UPDATE replay SET status = 'running', attempts = attempts + 1, deaths = deaths + has_lapsed::int, not_before = NULL,
        started_at = COALESCE(started_at, now()), claimed_until = now() + ${seconds(CLAIM_MS)}
      FROM next WHERE replay.id = next.id AND (${isAlone} OR NOT is_suspect)
      RETURNING replay.id, task_id, plan, attempts
    )
    SELECT next.id, taken.id IS NOT NULL AS "isTaken", task_id AS "taskId", plan, attempts AS attempt FROM next LEFT JOIN taken USING (id)`,
  );
  if (row === undefined) return null;
  const { isTaken, plan, ...claim } = row;
  return isTaken ? { ...claim, plan: KeptReplayPlan.parse(plan) } : "suspect";
}

/** Sends the heartbeat of a claim. Returns whether the replay is still the worker's own; if not, it must stop. */
export async function extendReplay(prisma: PrismaClient, { id, attempt }: ReplayClaim): Promise<boolean> {
  const rows = await askStateStore(
    () => prisma.$executeRaw`
    UPDATE replay SET claimed_until = now() + ${seconds(CLAIM_MS)} WHERE id = ${id}::uuid AND attempts = ${attempt} AND status = 'running'`,
  );
  return rows === 1;
}

/**
 * Records that a replay is about to call an external tool: from then on it is never started again.
 * Throws `conflict` where the worker no longer owns the replay; then nothing may be called.
 */
export async function noteOutsideCall(
  prisma: PrismaClient,
  { id, taskId, attempt }: ReplayClaim,
  { tool, step }: { tool: string; step: number },
): Promise<void> {
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const [row] = await transaction.$queryRaw<{ project: string; actor: string; now: Date }[]>`
        UPDATE replay SET outside_calls = outside_calls + 1 WHERE id = ${id}::uuid AND attempts = ${attempt} AND status = 'running'
        RETURNING project, actor, now()`;
      if (row === undefined) throw new AppError("conflict", `The replay ${id} is not this worker's any more: ${tool} is not called.`);
      const detail = { replay: id, step, tool };
      await audit(transaction, [
        { ...row, act: "replay_effect", subject: taskId, reason: "a live replay called a tool of others", detail },
      ]);
    }),
  );
}

/** Adds a model's usage to what a replay has spent, whoever holds it by now: it was paid for. A played recording costs nothing. */
export async function noteModelUse(
  prisma: PrismaClient,
  { id }: Pick<ReplayClaim, "id">,
  { call, inputTokens, outputTokens }: ModelUse,
): Promise<void> {
  if (call === null) return;
  await askStateStore(
    () => prisma.$executeRaw`
    UPDATE replay SET cost_usd = cost_usd + ${call.costUsd ?? 0}, tokens = tokens + ${inputTokens + outputTokens} WHERE id = ${id}::uuid`,
  );
}

/** Ends a replay. Returns whether the worker still owned it. */
export async function endReplay(prisma: PrismaClient, { id, attempt }: ReplayClaim, end: ReplayEnd, now: Date): Promise<boolean> {
  const result =
    "error" in end
      ? { status: "failed", error: end.error }
      : {
          ...{ status: "done", report: end.report, outcome: end.report.outcome, outcomeChanged: end.report.outcomeChanged },
          divergence: end.report.divergence ?? Prisma.DbNull,
        };
  const { count } = await askStateStore(() =>
    prisma.replayRow.updateMany({
      where: { id, attempts: attempt, status: "running" },
      data: { ...(result as Prisma.ReplayRowUpdateManyMutationInput), claimedUntil: null, endedAt: now },
    }),
  );
  return count === 1;
}

/**
 * Releases a replay that its worker cannot finish, because it shuts down
 * or something is unavailable; nobody claims it for `waitMs` milliseconds.
 */
export async function putBackReplay(prisma: PrismaClient, { id, attempt }: ReplayClaim, waitMs: number): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
    UPDATE replay SET status = 'pending', claimed_until = NULL, not_before = now() + ${seconds(waitMs)}
    WHERE id = ${id}::uuid AND attempts = ${attempt} AND status = 'running'`,
  );
}

/**
 * Fails replays that nobody may claim any more, with the reason: those whose worker died after external
 * calls, those with which several workers died, and those whose build has not been seen for long.
 */
export async function failHopelessReplays(prisma: PrismaClient): Promise<void> {
  const ended = await askStateStore(
    () => prisma.$queryRaw<Ended[]>`
    UPDATE replay SET status = 'failed', claimed_until = NULL, ended_at = now(), deaths = deaths + ${HAS_LAPSED}::int, error = CASE
      WHEN outside_calls > 0 THEN json_build_object('code', 'conflict',
        'message', 'Its worker did not come to its end, after calls outside had begun (' || outside_calls || '): it is not begun again.',
        'hint', 'The acts on record (replay_effect) say which tools were called.')
      WHEN ${HAS_LAPSED} THEN json_build_object('code', 'infrastructure',
        'message', (deaths + 1) || ' workers died while they had it in hand.')
      ELSE json_build_object('code', 'conflict',
        'message', 'No worker of its build (' || replay.build || ') was there for so long: what it asks and runs is gone.',
        'hint', 'Ask for it again, --against a version of which a worker is there: ./signalbox version list.') END
    FROM task WHERE task.id = replay.task_id AND (
      (NOT ${IS_SAFE} AND (replay.status = 'pending' OR ${HAS_LAPSED}))
      OR (replay.status = 'pending' AND replay.created_at < now() - ${seconds(BUILD_GONE_AFTER_MS)} AND replay.build IS NOT NULL AND NOT EXISTS (
        SELECT FROM agent_version WHERE agent_version.build = replay.build AND seen_at > now() - ${seconds(BUILD_GONE_AFTER_MS)})))
    RETURNING replay.id, replay.attempts AS attempt, task.request`,
  );
  await dropScratches(prisma, ended);
}

/** An order to cancel a replay, or all of a batch (`id`). */
export type ReplayCancel = { project: string; id: string; actor: string; reason: string; now: Date };

/**
 * Cancels what has not ended of a replay or a batch, and records that; a worker that holds one
 * stops within seconds. Returns how many. Throws `not_found`, and `conflict` where all have ended.
 */
export async function cancelReplays(prisma: PrismaClient, { project, id, actor, reason, now }: ReplayCancel): Promise<number> {
  const isOf = Prisma.sql`replay.project = ${project} AND (replay.id = ${id}::uuid OR replay.batch_id = ${id}::uuid)`;
  const why = JSON.stringify({ code: "conflict", message: `${actor} cancelled it: ${reason}` });
  const ended = await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const rows = await transaction.$queryRaw<Ended[]>`
        UPDATE replay SET status = 'cancelled', claimed_until = NULL, ended_at = ${now}, error = ${why}::json
        FROM task WHERE task.id = replay.task_id AND ${isOf} AND replay.status IN ('pending', 'running')
        RETURNING replay.id, replay.attempts AS attempt, task.request`;
      const detail = { replays: rows.length };
      if (rows.length > 0) await audit(transaction, [{ project, act: "replay_cancelled", subject: id, actor, reason, detail, now }]);
      return rows;
    }),
  );
  await dropScratches(prisma, ended);
  if (ended.length > 0) return ended.length;
  const isKnown = await askStateStore(
    async () =>
      (await prisma.replayRow.count({ where: { project, id } })) + (await prisma.replayBatchRow.count({ where: { project, id } })) > 0,
  );
  if (!isKnown) throw new AppError("not_found", `There is no replay, or batch of replays, ${id} in the project ${project}.`);
  throw new AppError("conflict", `Nothing of ${id} is left to cancel: it has ended.`);
}
