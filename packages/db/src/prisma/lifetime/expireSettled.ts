import type { TableRows } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

const { sql } = Prisma;

/** So many ended replays of a project are kept at most, the latest. */
export const KEPT_REPLAYS_MAX = 10_000;

/** So many rows go in one transaction. */
const BATCH = 1_000;

/** Ended; one that called a tool of others stays, since its calls are on record with it. */
const IS_OVER = sql`status IN ('done', 'failed', 'cancelled') AND outside_calls = 0`;

/**
 * Letters that were settled, of a project and before a time. One that is open never goes, and neither does the history of a task that is under way, or of which another letter is open; what a redrive
 * under way has in hand stays, too.
 */
const isExpiredLetter = (project: string, before: Date): Prisma.Sql => sql`
  project = ${project} AND COALESCE(discarded_at, redriven_at) < ${before}
  AND NOT EXISTS (SELECT FROM task WHERE task.id = letter.task_id AND status NOT IN ('done', 'dead'))
  AND NOT EXISTS (SELECT FROM dead_letter AS other WHERE other.task_id = letter.task_id AND other.redriven_at IS NULL AND other.discarded_at IS NULL)
  AND NOT EXISTS (SELECT FROM redrive_item AS item JOIN redrive ON redrive.id = item.redrive_id WHERE item.letter_id = letter.id AND redrive.ended_at IS NULL)`;

/** Deletes a batch of letters with what redrives say of them; answers how many letters. */
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

/** Redrives of which no letter is left. */
async function dropRedrives(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  return askStateStore(
    () => prisma.$executeRaw`
    DELETE FROM redrive WHERE id IN (SELECT id FROM redrive WHERE project = ${project} AND ended_at < ${before}
      AND NOT EXISTS (SELECT FROM redrive_item WHERE redrive_id = redrive.id) LIMIT ${BATCH})`,
  );
}

async function dropReplays(prisma: PrismaClient, project: string, before: Date): Promise<number> {
  return askStateStore(
    () => prisma.$executeRaw`
    DELETE FROM replay WHERE id IN (SELECT id FROM replay WHERE project = ${project} AND ${IS_OVER} AND ended_at < ${before} LIMIT ${BATCH})`,
  );
}

/** Does `drop` until a batch is not full; answers how many rows went. */
async function all(drop: () => Promise<number>): Promise<number> {
  for (let rows = 0; ; ) {
    const gone = await drop();
    rows += gone;
    if (gone < BATCH) return rows;
  }
}

/** Deletes what was settled of a project before a time: dead letters that were redriven or discarded, redrives of which none is left, replays that ended. Answers how many rows went, by table. */
export async function expireSettled(prisma: PrismaClient, project: string, before: Date): Promise<TableRows[]> {
  const gone = [
    { table: "dead_letter", rows: await all(() => dropLetters(prisma, project, before)) },
    { table: "redrive", rows: await all(() => dropRedrives(prisma, project, before)) },
    { table: "replay", rows: await all(() => dropReplays(prisma, project, before)) },
  ];
  return gone.filter(({ rows }) => rows > 0);
}

/** Deletes the ended replays of each project but its latest `kept`; answers how many went, by project. */
export async function trimReplays(prisma: PrismaClient, kept = KEPT_REPLAYS_MAX): Promise<{ project: string; rows: number }[]> {
  return askStateStore(
    () => prisma.$queryRaw<{ project: string; rows: number }[]>`
    WITH ranked AS (
      SELECT id, row_number() OVER (PARTITION BY project ORDER BY ended_at DESC, id DESC) AS place FROM replay WHERE ${IS_OVER}
    ), gone AS (DELETE FROM replay USING ranked WHERE replay.id = ranked.id AND place > ${kept} RETURNING project)
    SELECT project, count(*)::int AS rows FROM gone GROUP BY project ORDER BY project`,
  );
}
