import type { Step } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { countDeaths, type Deaths, DIED, DIED_ALONE, lastToDie, loseAttempts, msAgo, STORE_NOW } from "./attemptStore.ts";
import { IS_PAUSED, listQueuePauses } from "./pauseStore.ts";
import { countAtWork, LIMITED_CLAIMS_LOCK, LIMITED_CLAIMS_PATIENCE, withinLimit } from "./projectTasks.ts";
import { readSteps } from "./stepStore.ts";
import { type TaskRecord, type TaskRecordRow, toTaskRecord } from "./taskStore.ts";

/**
 * The result of a worker's claim on a task. `failures` counts the failed earlier attempts of this run; `unreadable` says why this
 * version cannot read the finished steps, which are then empty. `version` serves this attempt. A `suspect` has died with a worker,
 * or another worker holds it: it is started only alone; `diedWith` names the latest of these.
 * `elsewhere` waits for a worker of another build; `paused` is requeued when its queue resumes; `held` is requeued when another
 * task of its project ends, whose tasks at work are at their limit. `stepsBefore` belong to a request that was edited since: they
 * are not among `steps`, and the next steps are numbered after them.
 */
export type Claim =
  | {
      kind: "claimed";
      task: TaskRecord;
      version: string;
      steps: Step[];
      stepsBefore?: number;
      unreadable: string | null;
      failures: number;
      deaths: Deaths;
    }
  | { kind: "suspect"; diedWith: string; deaths: Deaths }
  | { kind: "elsewhere" }
  | { kind: "paused" }
  | { kind: "held"; project: string }
  | { kind: "finished" }
  | { kind: "missing" };

/**
 * A worker that asks for a task: it serves every version of its `build` (without one, none), and
 * unassigned tasks as its own `version`. With `isAlone` it runs nothing else in its process meanwhile.
 */
export type ClaimRequest = { taskId: string; worker: string; version: string; build?: string; nowUs: number; isAlone?: boolean };

/** A started attempt's view of its task. */
export type ClaimRow = TaskRecordRow & {
  journalFrom: number;
  servedBy: string;
  failures: number;
  deaths: number;
  deathsAlone: number;
  diedMsAgo: number | null;
};

/** Whether a row of `task` may be started for a row of `asked`. */
const IS_STARTABLE = Prisma.sql`task.status IN ('queued', 'running') AND NOT ${IS_PAUSED}
  AND (task.version IS NULL OR EXISTS (SELECT FROM agent_version WHERE name = task.version AND agent_version.build = asked.build))
  AND (asked.is_alone OR task.attempts = 0 OR NOT EXISTS (SELECT FROM attempt WHERE attempt.task_id = task.id AND attempt.run = task.run AND ${DIED}))`;

/**
 * Starts attempts at different tasks, up to `runningMax` at a time per project; undefined
 * for a task that does not exist, is finished, may only be started alone, or has no room.
 */
export async function claimTasks(
  prisma: PrismaClient,
  requests: readonly ClaimRequest[],
  runningMax: number | null = null,
): Promise<(ClaimRow | undefined)[]> {
  const ids = requests.map(({ taskId }) => taskId);
  const start = (store: Pick<PrismaClient, "$queryRaw">) => store.$queryRaw<ClaimRow[]>`
    WITH asked AS (
      SELECT * FROM unnest(
        ${ids}::uuid[], ${requests.map(({ worker }) => worker)}::text[], ${requests.map(({ version }) => version)}::text[],
        ${requests.map(({ build = null }) => build)}::text[], ${requests.map(({ nowUs }) => nowUs)}::bigint[], ${requests.map(({ nowUs }) => new Date(nowUs / 1_000))}::timestamptz[],
        ${requests.map(({ isAlone = false }) => isAlone)}::boolean[]
      ) AS asked (id, worker, own_version, build, now_us, now, is_alone)
    ), ${runningMax === null ? Prisma.empty : Prisma.sql`${withinLimit(runningMax, IS_STARTABLE)},`} fence AS (
      UPDATE task SET status = 'running', attempts = attempts + 1, started_us = COALESCE(started_us, asked.now_us)
      FROM asked WHERE task.id = asked.id AND ${IS_STARTABLE} ${runningMax === null ? Prisma.empty : Prisma.sql`AND task.id IN (SELECT id FROM within)`}
      RETURNING task.id, request, status, trace_id, task.version, variant, run, attempts, head_seq, head_hash, result, error, created_at, started_us, finished_us, journal_from, worker, COALESCE(task.version, own_version) AS served_by, now, asked.is_alone
    ), earlier AS (
      SELECT fence.id, count(*) FILTER (WHERE outcome = 'failed')::int AS failures, count(*) FILTER (WHERE ${DIED})::int AS deaths,
        count(*) FILTER (WHERE ${DIED_ALONE})::int AS deaths_alone, ${msAgo(Prisma.sql`max(COALESCE(attempt.ended_at, ${STORE_NOW})) FILTER (WHERE ${DIED})`)} AS died_ms_ago
      FROM fence JOIN attempt ON attempt.task_id = fence.id AND attempt.run = fence.run GROUP BY fence.id
    ), lost AS (
      UPDATE attempt SET outcome = 'lost', ended_at = ${STORE_NOW} FROM fence WHERE attempt.task_id = fence.id AND outcome IS NULL
    ), started AS (
      INSERT INTO attempt (task_id, attempt, run, worker, version, started_at, is_alone)
      SELECT id, attempts, run, worker, served_by, now, is_alone FROM fence
    )
    SELECT id, request, status, trace_id AS "traceId", version, variant, served_by AS "servedBy", journal_from AS "journalFrom", run, attempts, head_seq AS "headSeq",
      head_hash AS "headHash", result, error, created_at AS "createdAt", started_us AS "startedUs", finished_us AS "finishedUs", COALESCE(failures, 0) AS failures,
      COALESCE(deaths, 0) AS deaths, COALESCE(deaths_alone, 0) AS "deathsAlone", died_ms_ago AS "diedMsAgo"
    FROM fence LEFT JOIN earlier USING (id)`;
  const rows = await askStateStore(() => {
    if (runningMax === null) return start(prisma);
    return prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw(LIMITED_CLAIMS_PATIENCE);
      await transaction.$queryRaw(LIMITED_CLAIMS_LOCK);
      return start(transaction);
    });
  });
  const claimed = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => claimed.get(id));
}

/** The result of a claim; `row` is undefined where nothing could be started. */
export async function claimOf(
  prisma: PrismaClient,
  { taskId, build, isAlone = false }: ClaimRequest,
  row: ClaimRow | undefined,
  runningMax: number | null = null,
): Promise<Claim> {
  if (row === undefined) {
    const select = { project: true, status: true, run: true, version: true };
    const known = await askStateStore(() => prisma.task.findUnique({ where: { id: taskId }, select }));
    if (known === null) return { kind: "missing" };
    if (known.status === "done" || known.status === "dead") return { kind: "finished" };
    if ((await listQueuePauses(prisma, { project: known.project })).length > 0) {
      await loseAttempts(prisma, taskId);
      return { kind: "paused" };
    }
    const { version } = known;
    if (version !== null) {
      const of = await askStateStore(() => prisma.agentVersionRow.findUnique({ where: { name: version }, select: { build: true } }));
      if (of === null || of.build !== build) return { kind: "elsewhere" };
    }
    const died = { taskId, run: known.run, OR: [{ outcome: "lost" }, { outcome: null }] };
    const isSuspect = (await askStateStore(() => prisma.attempt.count({ where: died }))) > 0;
    const held = { kind: "held", project: known.project } as const;
    if (runningMax !== null && (isAlone || !isSuspect)) return held;
    if (!isSuspect) return { kind: "finished" };
    // It may wait long until it can run alone, or has room: its worker is known to be gone now.
    await loseAttempts(prisma, taskId);
    // Where there is no room for it, no worker need be emptied to run it alone.
    if (runningMax !== null && (await countAtWork(prisma, known.project)) >= runningMax) return held;
    const [diedWith, deaths] = await Promise.all([lastToDie(prisma, taskId, known.run), countDeaths(prisma, taskId, known.run)]);
    return { kind: "suspect", diedWith, deaths };
  }
  const deaths = { all: row.deaths, alone: row.deathsAlone, latestMsAgo: row.diedMsAgo };
  const claimed = {
    kind: "claimed" as const,
    task: toTaskRecord(row),
    version: row.servedBy,
    stepsBefore: row.journalFrom,
    failures: row.failures,
    deaths,
  };
  if (row.attempts === 1) return { ...claimed, steps: [], unreadable: null };
  const steps = await readSteps(prisma, taskId, row.journalFrom);
  return "steps" in steps ? { ...claimed, ...steps, unreadable: null } : { ...claimed, steps: [], unreadable: steps.unreadable };
}
