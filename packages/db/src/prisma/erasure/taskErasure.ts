import { AppError, type ErasureSubject, type TableRows } from "@signalbox/model";
import { eraseEntries, holdCheckpoints } from "../decisions/checkpointStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { MAY_BE_IN_HAND, SCRATCH_OVERLAY } from "../replays/replayClaims.ts";

const { sql } = Prisma;

/** So many tasks go in one transaction, which may take so long: whoever works on them waits for no more. */
const TASKS_MAX = 500;
const BATCH_MS_MAX = 60_000;

/** Before every other id. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** What leads from a task to its rows in other tables. */
type ErasedTask = { id: string; world: string; session: string | null };

/** Rows of a table. */
type Rows = readonly [table: string, condition: Prisma.Sql];

/** Whose tasks: a trace is of one task, and a task says itself whose user and session it is of. */
export function ofSubject(project: string, subject: ErasureSubject): Prisma.Sql {
  if (subject.kind === "project") return sql`project = ${project}`;
  const column = { trace: "trace_id", user: "user_id", session: "session" }[subject.kind];
  return sql`project = ${project} AND ${Prisma.raw(column)} = ${subject.value}`;
}

/**
 * What goes with tasks, in an order that references allow. An overlay is named after its
 * task or a replay of it, and a turn begins with the id of the task that it is from.
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
 * What is remembered of a subject, whatever became of the tasks, in an order
 * that references allow. What a project's agents may look up is of nobody else.
 */
function rowsOfMemory(project: string, subject: ErasureSubject): Rows[] {
  const ofProject = sql`project = ${project}`;
  const tables = ["memory_turn", "knowledge_chunk", "knowledge_document", "knowledge_base", "redrive", "redrive_rule"];
  if (subject.kind === "project") return tables.map((table) => [table, ofProject]);
  return subject.kind === "session" ? [["memory_turn", sql`project = ${project} AND session = ${subject.value}`]] : [];
}

/** Lets a transaction take decisions along, and holds checkpoints: one that is being made must not sign what goes. */
async function beErasing(transaction: Prisma.TransactionClient, erasure: string): Promise<void> {
  await holdCheckpoints(transaction);
  await transaction.$queryRaw`SELECT set_config('signalbox.erasure', ${erasure}, true)`;
}

/**
 * Throws `conflict` while a worker replays one of the tasks, or may not have heard yet that its replay was called off:
 * it would write in its scratch overlay after that has gone. Nobody takes up another until the transaction is over.
 */
async function requireNoReplay(transaction: Prisma.TransactionClient, tasks: readonly ErasedTask[]): Promise<void> {
  const replays = await transaction.$queryRaw<{ id: string; isRunning: boolean }[]>`
    SELECT id, ${MAY_BE_IN_HAND} AS "isRunning" FROM replay WHERE task_id = ANY(${tasks.map(({ id }) => id)}::uuid[]) ORDER BY id FOR UPDATE`;
  const running = replays.find(({ isRunning }) => isRunning);
  if (running === undefined) return;
  throw new AppError("conflict", `Replay ${running.id} of one of its tasks is running: nothing of that task is erased yet.`, {
    hint: "Wait until it has ended, or call it off (`./signalbox replay cancel`) and wait twenty seconds. Then erase again.",
  });
}

/**
 * Does `work` on a subject's rows, memory first, so that nobody recalls it, and where rows go once more at
 * the end: a worker may have remembered something until its task was gone. Adds up what `work` answers.
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
          // Letters before tasks, as everybody who locks both.
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
  const overMemory = () =>
    prisma.$transaction((transaction) => each(transaction, memory), { timeout: BATCH_MS_MAX, maxWait: BATCH_MS_MAX });
  await overMemory();
  for (let after = await batch(FIRST_ID); after !== undefined; ) after = await batch(after);
  if (erasure !== null) await overMemory();
  return [...counts].flatMap(([table, rows]) => (rows > 0 ? [{ table, rows }] : []));
}

/** How many rows of the reference agent would go with a subject, from which tables. */
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
 * Deletes what the reference agent keeps of a subject: its tasks with everything of them, and its memory of them.
 * `erasure` is the id of the erasure on record, which alone may take decisions along. A task that is being worked
 * on goes, too: its worker finds that it is not its own any more. Throws `conflict` while one is being replayed.
 */
export function eraseTaskRows(prisma: PrismaClient, project: string, subject: ErasureSubject, erasure: string): Promise<TableRows[]> {
  const work = (transaction: Prisma.TransactionClient, [table, condition]: Rows): Promise<number> =>
    transaction.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE ${condition}`;
  return overRows(prisma, project, subject, { erasure, work });
}
