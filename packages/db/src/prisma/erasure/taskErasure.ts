import { AppError, type ErasureSubject, type TableRows } from "@signalbox/model";
import { eraseEntries, holdCheckpoints } from "../decisions/checkpointStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { MAY_BE_IN_HAND, SCRATCH_OVERLAY } from "../replays/replayClaims.ts";

const { sql } = Prisma;

/** The most tasks per transaction, and its time limit: their workers wait no longer than that. */
const TASKS_MAX = 500;
const BATCH_MS_MAX = 60_000;

/** The smallest id. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** The keys that lead from a task to its rows in other tables. */
type ErasedTask = { id: string; world: string; session: string | null };

/** Rows of a table. */
type Rows = readonly [table: string, condition: Prisma.Sql];

/** The condition for a subject's tasks: a trace belongs to one task, and a task names its own user and session. */
export function ofSubject(project: string, subject: ErasureSubject): Prisma.Sql {
  if (subject.kind === "project") return sql`project = ${project}`;
  const column = { trace: "trace_id", user: "user_id", session: "session" }[subject.kind];
  return sql`project = ${project} AND ${Prisma.raw(column)} = ${subject.value}`;
}

/**
 * The rows that belong to tasks, in an order that foreign keys allow. An overlay is named
 * after its task or a replay of it, and a turn's id begins with the id of its task.
 */
function rowsOfTasks(project: string, tasks: readonly ErasedTask[]): Rows[] {
  const ids = tasks.map(({ id }) => id);
  const ofTask = sql`task_id = ANY(${ids}::uuid[])`;
  const inOverlay = sql`(world, overlay) IN (
    SELECT * FROM unnest(${tasks.map(({ world }) => world)}::text[], ${ids}::text[])
    UNION ALL SELECT task.world, ${SCRATCH_OVERLAY} FROM replay JOIN task ON task.id = replay.task_id, generate_series(0, replay.attempts) AS attempt WHERE ${ofTask})`;
  const isTurn = sql`project = ${project} AND (session, split_part(turn_id, ':', 1)) IN (SELECT * FROM unnest(${tasks.map(({ session }) => session)}::text[], ${ids}::text[]))`;
  return [
    ["memory_turn", isTurn],
    ["outbox", ofTask],
    ["evaluation", ofTask],
    ["redrive_item", ofTask],
    ["dead_letter", ofTask],
    ["attempt", ofTask],
    ["step", ofTask],
    ["decision", ofTask],
    ["tool_effect", inOverlay],
    ["world_document", inOverlay],
    ["airline_flight", inOverlay],
    ["airline_reservation", inOverlay],
    ["airline_user", inOverlay],
    ["replay", ofTask],
    ["task", sql`id = ANY(${ids}::uuid[])`],
  ];
}

/**
 * The memory of a subject, whatever became of its tasks, in an order that foreign keys allow. A project's knowledge belongs to nobody else.
 */
function rowsOfMemory(project: string, subject: ErasureSubject): Rows[] {
  const ofProject = sql`project = ${project}`;
  const tables = ["memory_turn", "knowledge_chunk", "knowledge_document", "knowledge_base", "redrive", "redrive_rule"];
  if (subject.kind === "project") return tables.map((table) => [table, ofProject]);
  return subject.kind === "session" ? [["memory_turn", sql`project = ${project} AND session = ${subject.value}`]] : [];
}

/** The rows of a subject to which rows of its tasks point. */
function rowsBehindTasks(project: string, subject: ErasureSubject): Rows[] {
  return subject.kind === "project" ? [["replay_batch", sql`project = ${project}`]] : [];
}

/** Allows a transaction to delete decisions, and blocks checkpoints: one in the making must not sign entries that are being deleted. */
async function beErasing(transaction: Prisma.TransactionClient, erasure: string): Promise<void> {
  await holdCheckpoints(transaction);
  await transaction.$queryRaw`SELECT set_config('signalbox.erasure', ${erasure}, true)`;
}

/**
 * Throws `conflict` while a worker replays one of the tasks, or may not have noticed yet that its replay was cancelled:
 * it would write to its scratch overlay after that is gone. No new replay starts until the transaction is over.
 */
async function requireNoReplay(transaction: Prisma.TransactionClient, tasks: readonly ErasedTask[]): Promise<void> {
  const replays = await transaction.$queryRaw<{ id: string; isRunning: boolean }[]>`
    SELECT id, ${MAY_BE_IN_HAND} AS "isRunning" FROM replay WHERE task_id = ANY(${tasks.map(({ id }) => id)}::uuid[]) ORDER BY id FOR UPDATE`;
  const running = replays.find(({ isRunning }) => isRunning);
  if (running === undefined) return;
  throw new AppError("conflict", `Replay ${running.id} of one of its tasks is running: nothing of that task is erased yet.`, {
    hint: "Wait until it has ended, or cancel it (`./signalbox replay cancel`) and wait twenty seconds. Then erase again.",
  });
}

/**
 * Calls `work` for a subject's rows: memory first, so that it is no longer recalled, and where rows are deleted
 * once more at the end, since a worker may have remembered something until its task was gone. Sums up the results.
 */
async function overRows(
  prisma: PrismaClient,
  project: string,
  subject: ErasureSubject,
  { erasure, work }: { erasure: string | null; work: (transaction: Prisma.TransactionClient, rows: Rows) => Promise<number> },
): Promise<TableRows[]> {
  const counts = new Map<string, number>();
  const each = async (transaction: Prisma.TransactionClient, all: readonly Rows[]): Promise<void> => {
    for (const rows of all) counts.set(rows[0], (counts.get(rows[0]) ?? 0) + (await work(transaction, rows)));
  };
  const memory = rowsOfMemory(project, subject);
  const lock = erasure !== null ? sql`FOR UPDATE` : Prisma.empty;
  const isInMemory = ([table]: Rows): boolean => memory.some(([name]) => name === table);
  const batch = (after: string): Promise<string | undefined> =>
    prisma.$transaction(
      async (transaction) => {
        if (erasure !== null) await beErasing(transaction, erasure);
        if (erasure !== null)
          // Locks letters before tasks, like everybody who locks both.
          await transaction.$queryRaw`
            SELECT 1 FROM dead_letter WHERE task_id IN (SELECT id FROM task WHERE ${ofSubject(project, subject)} AND id > ${after}::uuid ORDER BY id LIMIT ${TASKS_MAX})
            ORDER BY id FOR UPDATE`;
        const tasks = await transaction.$queryRaw<ErasedTask[]>`
          SELECT id, world, session FROM task WHERE ${ofSubject(project, subject)} AND id > ${after}::uuid ORDER BY id LIMIT ${TASKS_MAX} ${lock}`;
        if (erasure !== null) await requireNoReplay(transaction, tasks);
        if (tasks.length > 0 && erasure !== null)
          await eraseEntries(
            transaction,
            tasks.map(({ id }) => id),
            erasure,
          );
        if (tasks.length > 0)
          await each(
            transaction,
            rowsOfTasks(project, tasks).filter((rows) => !isInMemory(rows)),
          );
        return tasks.at(-1)?.id;
      },
      { timeout: BATCH_MS_MAX, maxWait: BATCH_MS_MAX },
    );
  const overOthers = (rows: readonly Rows[]) =>
    prisma.$transaction((transaction) => each(transaction, rows), { timeout: BATCH_MS_MAX, maxWait: BATCH_MS_MAX });
  await overOthers(memory);
  for (let after = await batch(FIRST_ID); after !== undefined; ) after = await batch(after);
  await overOthers([...(erasure === null ? [] : memory), ...rowsBehindTasks(project, subject)]);
  return [...counts].flatMap(([table, rows]) => (rows > 0 ? [{ table, rows }] : []));
}

/** The number of the reference agent's rows that erasing a subject would delete, by table. */
export function countTaskRows(prisma: PrismaClient, project: string, subject: ErasureSubject): Promise<TableRows[]> {
  const work = async (transaction: Prisma.TransactionClient, [table, condition]: Rows): Promise<number> => {
    const [row] = await transaction.$queryRaw<
      { rows: number }[]
    >`SELECT count(*)::int AS rows FROM ${Prisma.raw(table)} WHERE ${condition}`;
    return row?.rows ?? 0;
  };
  return overRows(prisma, project, subject, { erasure: null, work });
}

/**
 * Deletes the reference agent's data of a subject: its tasks with everything that belongs to them, and its memory.
 * `erasure` is the id of the recorded erasure, without which decisions cannot be deleted. Running tasks are
 * deleted too: their workers notice that they no longer own them. Throws `conflict` while one is being replayed.
 */
export function eraseTaskRows(prisma: PrismaClient, project: string, subject: ErasureSubject, erasure: string): Promise<TableRows[]> {
  const work = (transaction: Prisma.TransactionClient, [table, condition]: Rows): Promise<number> =>
    transaction.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE ${condition}`;
  return overRows(prisma, project, subject, { erasure, work });
}
