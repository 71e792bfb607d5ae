import { type ChainHead, type Decision, type Task, TaskRequest, TaskResult, TaskStatus } from "@signalbox/model";
import { insertDecisions } from "./decisionStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { oweTelemetry } from "./outboxStore.ts";

/** A task that a gateway admits: its id is settled, and `requestHash` tells whether another request claims the same id. */
export type NewTask = { id: string; request: TaskRequest; requestHash: string; traceId: string; createdAt: Date };

/** What came of an admission: `known` and `conflict` mean that the id was there before, with the same request or with another one. */
export type Admission = { kind: "admitted" | "known" | "conflict"; task: Task };

/** A task as its worker and its telemetry see it. Times are microseconds since 1970. */
export type TaskRecord = {
  id: string;
  request: TaskRequest;
  status: TaskStatus;
  traceId: string;
  run: number;
  attempts: number;
  head: ChainHead;
  result: TaskResult | null;
  error: string | null;
  createdUs: number;
  startedUs: number | null;
  finishedUs: number | null;
};

/** A place in the list of unfinished tasks: the walk goes on after it. */
export type TaskCursor = { createdAt: Date; id: string };

type TaskRow = Prisma.TaskGetPayload<object>;

/** The columns of a task that its worker needs. */
export type TaskRecordRow = Pick<
  TaskRow,
  | ("id" | "request" | "status" | "traceId" | "run" | "attempts" | "headSeq")
  | ("headHash" | "result" | "error" | "createdAt" | "startedUs" | "finishedUs")
>;

function isoOfUs(us: bigint | null): string | null {
  return us === null ? null : new Date(Number(us / 1_000n)).toISOString();
}

function toTask(row: TaskRow): Task {
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
    createdAt: row.createdAt.toISOString(),
    finishedAt: isoOfUs(row.finishedUs),
    result: row.result === null ? null : TaskResult.parse(row.result),
    error: row.error,
  };
}

/** A row with what a worker needs. */
export function toTaskRecord(row: TaskRecordRow): TaskRecord {
  return {
    id: row.id,
    request: TaskRequest.parse(row.request),
    status: TaskStatus.parse(row.status),
    traceId: row.traceId,
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

/** Admits a task with its first decision and what is to be told about it, all or nothing. A task that is there already is left as it is. */
export async function admitTask(prisma: PrismaClient, task: NewTask, routed: Decision): Promise<Admission> {
  const { id, request } = task;
  const [inserted] = await prisma.$queryRaw<{ id: string }[]>`
    WITH fence AS (
      INSERT INTO task (id, project, name, world, status, request, request_hash, has_expectation, trace_id, session, user_id, tags, head_seq, head_hash, created_at)
      VALUES (${id}::uuid, ${request.project}, ${request.name}, ${request.world}, 'queued', ${JSON.stringify(request)}::json, ${task.requestHash},
        ${request.expectation !== undefined}, ${task.traceId}, ${request.session ?? null}, ${request.user ?? null}, ${request.tags},
        ${routed.seq}, ${routed.hash}, ${task.createdAt})
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), ${insertDecisions([routed])}, ${oweTelemetry([{ taskId: id, decisions: [routed.seq], spans: [] }])}
    SELECT id FROM fence`;
  const row = await prisma.task.findUniqueOrThrow({ where: { id } });
  if (inserted !== undefined) return { kind: "admitted", task: toTask(row) };
  return { kind: row.requestHash === task.requestHash ? "known" : "conflict", task: toTask(row) };
}

/** A task as the gateway answers it; null when there is none. */
export async function findTask(prisma: PrismaClient, id: string): Promise<Task | null> {
  const row = await prisma.task.findUnique({ where: { id } });
  return row === null ? null : toTask(row);
}

/** The tasks of `ids` that exist, with what their workers and their telemetry need, in no order. */
export async function listTaskRecords(prisma: PrismaClient, ids: readonly string[]): Promise<TaskRecord[]> {
  const rows = await prisma.task.findMany({ where: { id: { in: [...ids] } } });
  return rows.map(toTaskRecord);
}

/**
 * Up to `rowsMax` tasks admitted before `admittedBefore` that are neither done nor dead, in the order of admission, after `cursor` (null:
 * from the start).
 */
export async function listUnfinishedTasks(
  prisma: PrismaClient,
  page: { admittedBefore: Date; cursor: TaskCursor | null; rowsMax: number },
): Promise<TaskCursor[]> {
  const after =
    page.cursor === null ? Prisma.empty : Prisma.sql`AND (created_at, id) > (${page.cursor.createdAt}, ${page.cursor.id}::uuid)`;
  return prisma.$queryRaw<TaskCursor[]>`
    SELECT created_at AS "createdAt", id FROM task
    WHERE status IN ('queued', 'running') AND created_at < ${page.admittedBefore} ${after}
    ORDER BY created_at, id LIMIT ${page.rowsMax}`;
}

/** How many tasks are in each status. */
export async function countTasks(prisma: PrismaClient): Promise<Record<TaskStatus, number>> {
  const rows = await prisma.task.groupBy({ by: ["status"], _count: true });
  const counts = { queued: 0, running: 0, done: 0, dead: 0 };
  for (const row of rows) counts[TaskStatus.parse(row.status)] = row._count;
  return counts;
}
