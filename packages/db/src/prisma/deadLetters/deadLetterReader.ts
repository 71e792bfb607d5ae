import {
  DeadLetter,
  type DeadLetterCause,
  type DeadLetterFilter,
  type DeadLetterKind,
  type DeadLetterState,
  type TaskStatus,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { isInState, letterConditions, STATE_COLUMN } from "./deadLetterConditions.ts";

/**
 * A dead letter in a list. `name` is the sender's name of the task, or the amount and source of telemetry; `taskId` is null for telemetry.
 */
export type ListedDeadLetter = {
  id: string;
  kind: DeadLetterKind;
  taskId: string | null;
  name: string;
  run: number;
  state: DeadLetterState;
  cause: DeadLetterCause;
  fingerprint: string;
  message: string;
  attemptsCount: number;
  traceId: string;
  versions: string[];
  firstFailedAt: string;
  lastFailedAt: string;
};

/** A position in the list, after which the next page begins. */
export type LetterCursor = { lastFailedAt: string; id: string };

type ListedRow = Omit<ListedDeadLetter, "firstFailedAt" | "lastFailedAt"> & { firstFailedAt: Date; lastFailedAt: Date };

/** The most characters of a message in a list. */
const MESSAGE_CHARS_MAX = 1_000;

const LISTED = Prisma.sql`id, kind, task_id AS "taskId", task_name AS name, run, ${STATE_COLUMN} AS state, cause, fingerprint, left(message, ${MESSAGE_CHARS_MAX}) AS message,
  attempts_count AS "attemptsCount", trace_id AS "traceId", versions, first_failed_at AS "firstFailedAt", last_failed_at AS "lastFailedAt"`;

const listed = (row: ListedRow): ListedDeadLetter => ({
  ...row,
  firstFailedAt: row.firstFailedAt.toISOString(),
  lastFailedAt: row.lastFailedAt.toISOString(),
});

/** A page of the letters that match a filter, latest failure first. `next` is the position of the next page. */
export async function listLetters(
  prisma: PrismaClient,
  { project, filter, cursor, limit }: { project: string; filter: DeadLetterFilter; cursor: LetterCursor | null; limit: number },
): Promise<{ letters: ListedDeadLetter[]; next: LetterCursor | null }> {
  const isBehind =
    cursor === null ? Prisma.sql`true` : Prisma.sql`(last_failed_at, id) < (${cursor.lastFailedAt}::timestamptz, ${cursor.id}::uuid)`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<ListedRow[]>`
    SELECT ${LISTED} FROM dead_letter WHERE ${letterConditions(project, filter)} AND ${isInState(filter.state)} AND ${isBehind}
    ORDER BY last_failed_at DESC, id DESC LIMIT ${limit + 1}`,
  );
  const letters = rows.slice(0, limit).map(listed);
  const last = letters.at(-1);
  return { letters, next: rows.length > limit && last !== undefined ? { lastFailedAt: last.lastFailedAt, id: last.id } : null };
}

/** The most letters of a task or minute that are shown beside one of them. */
const HISTORY_MAX = 200;

/**
 * A letter in full. `history` are the letters of its task or minute, one per run, oldest first: the last `HISTORY_MAX` and itself.
 * `taskStatus` is the task's current status (null where there is none); `holder` is the redrive that holds the letter, and since when.
 */
export type DeadLetterDetail = {
  letter: DeadLetter;
  state: DeadLetterState;
  holder: { redriveId: string; name: string; actor: string; since: string } | null;
  redrivenAt: string | null;
  discarded: { at: string; by: string; reason: string } | null;
  taskStatus: TaskStatus | null;
  history: ListedDeadLetter[];
};

/** Includes the redrive that holds a letter: at most one does. */
const HOLDER = {
  where: { state: { notIn: ["skipped", "released"] } },
  take: 1,
  select: { redrive: { select: { id: true, name: true, actor: true, createdAt: true } } },
} as const satisfies Prisma.DeadLetter$redrivesArgs;

/** A letter of a project with the state of its task, or null. */
export async function readDeadLetter(prisma: PrismaClient, project: string, id: string): Promise<DeadLetterDetail | null> {
  const row = await askStateStore(() =>
    prisma.deadLetter.findFirst({
      where: { id, project },
      include: { task: { select: { status: true } }, redrives: HOLDER },
    }),
  );
  if (row === null) return null;
  const isOfSubject =
    row.taskId === null
      ? Prisma.sql`project = ${project} AND fingerprint = ${row.fingerprint} AND (minute = ${row.minute} OR id = ${id}::uuid)`
      : Prisma.sql`task_id = ${row.taskId}::uuid`;
  const history = await askStateStore(
    () => prisma.$queryRaw<ListedRow[]>`
    SELECT ${LISTED} FROM dead_letter WHERE ${isOfSubject} ORDER BY id = ${id}::uuid DESC, run DESC LIMIT ${HISTORY_MAX}`,
  );
  history.sort((one, other) => one.run - other.run);
  const {
    taskId,
    decisionSeq,
    decisionHash,
    minute: _,
    redrivenAt,
    discardedAt,
    discardedBy,
    discardReason,
    task,
    redrives,
    ...columns
  } = row;
  const holder = redrives[0]?.redrive;
  return {
    letter: DeadLetter.parse({
      ...columns,
      ...(taskId === null ? {} : { taskId, decisionHead: { seq: decisionSeq, hash: decisionHash } }),
      firstFailedAt: row.firstFailedAt.toISOString(),
      lastFailedAt: row.lastFailedAt.toISOString(),
    }),
    state: history.find((listedLetter) => listedLetter.id === id)?.state ?? "open",
    holder:
      holder === undefined ? null : { redriveId: holder.id, name: holder.name, actor: holder.actor, since: holder.createdAt.toISOString() },
    redrivenAt: redrivenAt?.toISOString() ?? null,
    discarded: discardedAt === null ? null : { at: discardedAt.toISOString(), by: discardedBy ?? "", reason: discardReason ?? "" },
    taskStatus: (task?.status ?? null) as TaskStatus | null,
    history: history.map(listed),
  };
}
