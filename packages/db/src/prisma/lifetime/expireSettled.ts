import type { TableRows } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { MAY_BE_IN_HAND, SCRATCH_OVERLAY } from "../replays/replayClaims.ts";
import { askStateStore } from "../stateStore.ts";

const { sql } = Prisma;

/** The most ended replays kept per project, the latest. */
export const KEPT_REPLAYS_MAX = 10_000;

/** The number of rows per transaction. */
const BATCH = 1_000;

/**
 * Whether a replay has ended and may be deleted. One that called an external tool stays, since its calls are recorded with it,
 * and so does every replay of a batch that is under way or ended within a day, whose requester may still read the results.
 */
const IS_OVER = sql`replay.status IN ('done', 'failed', 'cancelled') AND replay.outside_calls = 0 AND NOT ${MAY_BE_IN_HAND}
  AND NOT EXISTS (SELECT FROM replay AS other WHERE other.batch_id = replay.batch_id AND (other.ended_at IS NULL OR other.ended_at > now() - interval '1 day'))`;

/** The tables with rows of a world's overlays. */
const OVERLAID = ["tool_effect", "world_document", "airline_flight", "airline_reservation", "airline_user"];

/** Deletes replays together with the scratch overlays of their attempts, which could not be found without them; returns their projects. */
const deleteReplays = (ids: Prisma.Sql): Prisma.Sql => sql`
  gone AS (DELETE FROM replay USING task WHERE replay.task_id = task.id AND replay.id IN (${ids}) RETURNING replay.id, replay.attempts, replay.project, task.world),
  scratch AS (SELECT world, ${SCRATCH_OVERLAY} AS overlay FROM gone AS replay, generate_series(1, replay.attempts) AS attempt),
  ${Prisma.join(OVERLAID.map((table) => sql`${Prisma.raw(`of_${table}`)} AS (DELETE FROM ${Prisma.raw(table)} WHERE (world, overlay) IN (SELECT * FROM scratch))`))}`;

/** The most by which the clocks of gateways and workers differ from that by which rollouts start. */
const SKEW_MAX = sql`interval '1 hour'`;

/**
 * The condition for a project's letters settled before a time. Exceptions, which stay: open letters, the
 * history of a task that is under way or has another open letter, the letters of a redrive under way,
 * and those that failed since the start of a rollout under way, whose gate counts letters in any state.
 */
const isExpiredLetter = (project: string, before: Date): Prisma.Sql => sql`
  project = ${project} AND COALESCE(discarded_at, redriven_at) < ${before}
  AND NOT EXISTS (SELECT FROM task WHERE task.id = letter.task_id AND status NOT IN ('done', 'dead'))
  AND NOT EXISTS (SELECT FROM dead_letter AS other WHERE other.task_id = letter.task_id AND other.redriven_at IS NULL AND other.discarded_at IS NULL)
  AND NOT EXISTS (SELECT FROM redrive_item AS item JOIN redrive ON redrive.id = item.redrive_id WHERE item.letter_id = letter.id AND redrive.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM rollout WHERE rollout.project = letter.project AND rollout.ended_at IS NULL AND rollout.started_at - ${SKEW_MAX} <= letter.last_failed_at)`;

/** Deletes a batch of letters with their redrive items; returns the number of letters. */
async function dropLetters(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const letters = await transaction.$queryRaw<{ id: string }[]>`
        SELECT id FROM dead_letter AS letter WHERE ${isExpiredLetter(project, before)} ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
      const ids = letters.map(({ id }) => id);
      await transaction.$executeRaw`DELETE FROM redrive_item WHERE letter_id = ANY(${ids}::uuid[])`;
      return transaction.$executeRaw`DELETE FROM dead_letter WHERE id = ANY(${ids}::uuid[])`;
    }),
  );
}

/** Deletes redrives without any letters left. */
async function dropRedrives(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  return askStateStore(
    () => prisma.$executeRaw`
    DELETE FROM redrive WHERE id IN (SELECT id FROM redrive WHERE project = ${project} AND ended_at < ${before}
      AND NOT EXISTS (SELECT FROM redrive_item WHERE redrive_id = redrive.id) LIMIT ${BATCH})`,
  );
}

async function dropReplays(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  const over = sql`SELECT id FROM replay WHERE project = ${project} AND ${IS_OVER} AND ended_at < ${before} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  const gone = await askStateStore(() => prisma.$queryRaw<object[]>`WITH ${deleteReplays(over)} SELECT project FROM gone`);
  return gone.length;
}

/** Deletes batches without any replays left. */
async function dropBatches(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  return askStateStore(
    () => prisma.$executeRaw`
    DELETE FROM replay_batch WHERE id IN (SELECT id FROM replay_batch WHERE project = ${project} AND created_at < ${before}
      AND NOT EXISTS (SELECT FROM replay WHERE replay.batch_id = replay_batch.id) LIMIT ${BATCH})`,
  );
}

/** Repeats `drop` until a batch is not full; returns the total number of rows. */
async function all(drop: () => Promise<number>): Promise<number> {
  for (let rows = 0; ; ) {
    const gone = await drop();
    rows += gone;
    if (gone < BATCH) return rows;
  }
}

/**
 * Deletes what a project settled before a time: dead letters that were redriven or discarded,
 * redrives without any left, ended replays, and batches without any left. Returns the number of rows by table.
 */
export async function expireSettled(prisma: PrismaClient, project: string, before: Date): Promise<TableRows[]> {
  const gone = [
    { table: "dead_letter", rows: await all(() => dropLetters(prisma, project, before)) },
    { table: "redrive", rows: await all(() => dropRedrives(prisma, project, before)) },
    { table: "replay", rows: await all(() => dropReplays(prisma, project, before)) },
    { table: "replay_batch", rows: await all(() => dropBatches(prisma, project, before)) },
  ];
  return gone.filter(({ rows }) => rows > 0);
}

/** Deletes the ended replays of each project except its latest `kept`; returns the numbers by project. */
export async function trimReplays(prisma: PrismaClient, kept = KEPT_REPLAYS_MAX): Promise<{ project: string; rows: number }[]> {
  return askStateStore(
    () => prisma.$queryRaw<{ project: string; rows: number }[]>`
    WITH ranked AS (
      SELECT id, row_number() OVER (PARTITION BY project ORDER BY ended_at DESC, id DESC) AS place FROM replay WHERE ${IS_OVER}
    ), ${deleteReplays(sql`SELECT id FROM ranked WHERE place > ${kept}`)}
    SELECT project, count(*)::int AS rows FROM gone GROUP BY project ORDER BY project`,
  );
}
