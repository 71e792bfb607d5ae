import { type ChainHead, type Lane, type Task, TaskRequest, TaskResult, TaskStatus, Variant } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { IS_PAUSED } from "./pauseStore.ts";
import { WAITS_FOR_PLACE } from "./projectTasks.ts";

/**
 * A task as needed by its worker and its telemetry. Times are microseconds
 * since 1970. `version` is the only one that may serve it, null where any may.
 */
export type TaskRecord = {
  id: string;
  request: TaskRequest;
  status: TaskStatus;
  traceId: string;
  version: string | null;
  variant: Variant | null;
  run: number;
  attempts: number;
  head: ChainHead;
  result: TaskResult | null;
  error: string | null;
  createdUs: number;
  startedUs: number | null;
  finishedUs: number | null;
};

/** A position in the list of unfinished tasks, after which reading continues. */
export type TaskCursor = { createdAt: Date; id: string };

/** A task that is neither done nor dead. Only workers of its `build` may take it (null: any). */
export type UnfinishedTask = TaskCursor & { lane: Lane; build: string | null };

/** A task with all its columns. */
export type TaskRow = Prisma.TaskGetPayload<object>;

/** The columns of a task that its worker needs. */
export type TaskRecordRow = Pick<
  TaskRow,
  | ("id" | "request" | "status" | "traceId" | "version" | "variant" | "run" | "attempts" | "headSeq")
  | ("headHash" | "result" | "error" | "createdAt" | "startedUs" | "finishedUs")
>;

function isoOfUs(us: bigint | null): string | null {
  return us === null ? null : new Date(Number(us / 1_000n)).toISOString();
}

function variantOf({ variant }: Pick<TaskRow, "variant">): Variant | null {
  return variant === null ? null : Variant.parse(variant);
}

/** A task from its row, as the gateway returns it. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    status: TaskStatus.parse(row.status),
    attempts: row.attempts,
    traceId: row.traceId,
    session: row.session,
    user: row.userId,
    tags: row.tags,
    version: row.version,
    variant: variantOf(row),
    createdAt: row.createdAt.toISOString(),
    finishedAt: isoOfUs(row.finishedUs),
    result: row.result === null ? null : TaskResult.parse(row.result),
    error: row.error,
  };
}

/** A task from its row, for a worker. */
export function toTaskRecord(row: TaskRecordRow): TaskRecord {
  return {
    id: row.id,
    request: TaskRequest.parse(row.request),
    status: TaskStatus.parse(row.status),
    traceId: row.traceId,
    version: row.version,
    variant: variantOf(row),
    run: row.run,
    attempts: row.attempts,
    head: { seq: row.headSeq, hash: row.headHash },
    result: row.result === null ? null : TaskResult.parse(row.result),
    error: row.error,
    createdUs: row.createdAt.getTime() * 1_000,
    startedUs: row.startedUs === null ? null : Number(row.startedUs),
    finishedUs: row.finishedUs === null ? null : Number(row.finishedUs),
  };
}

/** A task as the gateway returns it; null when there is none. */
export async function findTask(prisma: PrismaClient, id: string): Promise<Task | null> {
  const row = await askStateStore(() => prisma.task.findUnique({ where: { id } }));
  return row === null ? null : toTask(row);
}

/** The request of a task of a project; null where it has no such task. */
export async function findTaskRequest(prisma: PrismaClient, project: string, id: string): Promise<TaskRequest | null> {
  const row = await askStateStore(() => prisma.task.findUnique({ where: { id, project }, select: { request: true } }));
  return row === null ? null : TaskRequest.parse(row.request);
}

/** The requests of up to `rowsMax` tasks of a project, earliest first. */
export async function listTaskRequests(prisma: PrismaClient, project: string, rowsMax: number): Promise<TaskRequest[]> {
  const rows = await askStateStore(() =>
    prisma.task.findMany({ where: { project }, select: { request: true }, orderBy: [{ createdAt: "asc" }, { id: "asc" }], take: rowsMax }),
  );
  return rows.map(({ request }) => TaskRequest.parse(request));
}

/** Those of the ids that belong to tasks. */
export async function knownTasks(prisma: PrismaClient, ids: readonly string[]): Promise<Set<string>> {
  const rows = await askStateStore(() => prisma.task.findMany({ where: { id: { in: [...ids] } }, select: { id: true } }));
  return new Set(rows.map(({ id }) => id));
}

/** Those of the tasks `ids` that exist, as needed by their workers and their telemetry, in any order. */
export async function listTaskRecords(prisma: PrismaClient, ids: readonly string[]): Promise<TaskRecord[]> {
  const rows = await prisma.task.findMany({ where: { id: { in: [...ids] } } });
  return rows.map(toTaskRecord);
}

/**
 * Up to `rowsMax` unfinished tasks admitted before `admittedBefore`, in the order of admission, after `cursor` (null: from the start). Of
 * those that wait for a version, only those of `build`; none whose queue is paused, and none of `heldProjects` that waits for a place.
 */
export async function listUnfinishedTasks(
  prisma: PrismaClient,
  page: { admittedBefore: Date; build: string; heldProjects?: readonly string[]; cursor: TaskCursor | null; rowsMax: number },
): Promise<UnfinishedTask[]> {
  const after =
    page.cursor === null ? Prisma.empty : Prisma.sql`AND (created_at, id) > (${page.cursor.createdAt}, ${page.cursor.id}::uuid)`;
  return prisma.$queryRaw<UnfinishedTask[]>`
    SELECT created_at AS "createdAt", id, lane, build FROM task LEFT JOIN agent_version ON agent_version.name = task.version
    WHERE status IN ('queued', 'running') AND created_at < ${page.admittedBefore} AND (task.version IS NULL OR build = ${page.build}) AND NOT ${IS_PAUSED}
      AND NOT (project = ANY(${[...(page.heldProjects ?? [])]}::text[]) AND ${WAITS_FOR_PLACE}) ${after}
    ORDER BY created_at, id LIMIT ${page.rowsMax}`;
}

/** The number of a project's unfinished tasks, and of those requested before `settledBefore`, and before `stillBefore`. */
export type UnfinishedCount = { tasks: number; settled: number; stillUnfinished: number };

/** The number of tasks that are neither done nor dead, by project. */
export async function countUnfinishedTasks(
  prisma: PrismaClient,
  { settledBefore, stillBefore }: { settledBefore: Date; stillBefore: Date },
): Promise<Map<string, UnfinishedCount>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<(UnfinishedCount & { project: string })[]>`
      SELECT project, count(*)::int AS tasks, count(*) FILTER (WHERE created_at < ${settledBefore})::int AS settled,
        count(*) FILTER (WHERE created_at < ${stillBefore})::int AS "stillUnfinished"
      FROM task WHERE status IN ('queued', 'running') GROUP BY project`,
  );
  return new Map(rows.map(({ project, ...count }) => [project, count]));
}

/** Reads any one task from the state store: throws what `askStateStore` does unless the store answers and has its tables. */
export async function requireTasks(prisma: PrismaClient): Promise<void> {
  await askStateStore(() => prisma.task.findFirst({ select: { id: true } }));
}

/** The number of tasks in each status. */
export async function countTasks(prisma: PrismaClient): Promise<Record<TaskStatus, number>> {
  const rows = await prisma.task.groupBy({ by: ["status"], _count: true });
  const counts = { queued: 0, running: 0, done: 0, dead: 0 };
  for (const row of rows) counts[TaskStatus.parse(row.status)] = row._count;
  return counts;
}
