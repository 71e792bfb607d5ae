import { AppError, type Assignment, type Decision, type Task, type TaskRequest } from "@signalbox/model";
import { insertDecisions } from "../decisions/decisionStore.ts";
import { insertOutbox } from "../decisions/outboxStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { type TaskRow, toTask } from "./taskStore.ts";

/**
 * A task that a gateway admits: its id is fixed, `requestHash` tells whether another request claims the same id, `idempotencyKey`
 * is its sender's name for it, `assignment` the version that serves it (none: any), `routed` its first decision.
 */
export type NewTask = {
  id: string;
  request: TaskRequest;
  requestHash: string;
  idempotencyKey: string | null;
  traceId: string;
  createdAt: Date;
  assignment?: Assignment | null;
  routed: Decision;
};

/**
 * The result of an admission: `known` and `conflict` mean that the id or
 * the key already existed, with the same request or with another one.
 */
export type Admission = { kind: "admitted" | "known" | "conflict"; task: Task };

/** A task at the moment of its admission. */
function newlyAdmitted({ id, request, traceId, createdAt, assignment }: NewTask): Task {
  return {
    id,
    project: request.project,
    name: request.name,
    status: "queued",
    attempts: 0,
    traceId,
    session: request.session ?? null,
    user: request.user ?? null,
    tags: request.tags,
    version: assignment?.version ?? null,
    variant: assignment?.variant ?? null,
    createdAt: createdAt.toISOString(),
    finishedAt: null,
    result: null,
    error: null,
  };
}

function rowOf({ id, request, requestHash, idempotencyKey, traceId, createdAt, assignment, routed }: NewTask) {
  const { project, name, world, session, user, tags, lane, expectation } = request;
  return {
    ...{ id, project, name, world, session, user, tags, request, requestHash, idempotencyKey, traceId, createdAt },
    ...assignment,
    ...{ lane: lane ?? "interactive", hasExpectation: expectation !== undefined, headSeq: routed.seq, headHash: routed.hash },
  };
}

/** Writes the tasks that do not exist yet, with their first decisions and outbox rows, atomically; returns the ids of the written ones. */
async function insertTasks(prisma: PrismaClient, tasks: readonly NewTask[], isTelemetryOn: boolean): Promise<Set<string>> {
  // Two gateways that are sent the same tasks write them in the same order, so that they cannot deadlock.
  const ordered = tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const inserted = await prisma.$queryRaw<{ id: string }[]>`
    WITH fence AS (
      INSERT INTO task (id, project, name, world, status, request, request_hash, has_expectation, trace_id, session, user_id, tags, lane, idempotency_key, version, variant, bucket, unit, weight,
        head_seq, head_hash, created_at)
      SELECT t.id, t.project, t.name, t.world, 'queued', t.request, t."requestHash", t."hasExpectation", t."traceId", t.session, t."user", t.tags, t.lane, t."idempotencyKey",
        t.version, t.variant, t.bucket, t.unit, t.weight, t."headSeq", t."headHash", t."createdAt"
      FROM json_to_recordset(${JSON.stringify(ordered.map(rowOf))}::json) AS t(
        id uuid, project text, name text, world text, request json, "requestHash" text, "hasExpectation" boolean, "traceId" text, session text, "user" text, tags text[],
        lane text, "idempotencyKey" text, version text, variant text, bucket integer, unit text, weight double precision, "headSeq" integer, "headHash" text, "createdAt" timestamptz)
      ON CONFLICT DO NOTHING
      RETURNING id
    ), ${insertDecisions(ordered.map(({ routed }) => routed))},
      ${insertOutbox((isTelemetryOn ? ordered : []).map(({ id, routed }) => ({ taskId: id, decisions: [routed.seq], spans: [] })))}
    SELECT id FROM fence`;
  return new Set(inserted.map(({ id }) => id));
}

/** The existing rows of the tasks, by key or else by id. */
async function findClaimed(prisma: PrismaClient, tasks: readonly NewTask[]): Promise<(task: NewTask) => TaskRow | undefined> {
  const keys = tasks.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  const projects = [...new Set(tasks.map(({ request }) => request.project))];
  const rows = await prisma.task.findMany({
    where: { OR: [{ id: { in: tasks.map(({ id }) => id) } }, { project: { in: projects }, idempotencyKey: { in: keys } }] },
  });
  const nameOf = (project: string, key: string): string => JSON.stringify([project, key]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byKey = new Map(rows.flatMap((row) => (row.idempotencyKey === null ? [] : [[nameOf(row.project, row.idempotencyKey), row]])));
  return ({ id, idempotencyKey, request }) =>
    (idempotencyKey === null ? undefined : byKey.get(nameOf(request.project, idempotencyKey))) ?? byId.get(id);
}

/**
 * Admits tasks, each with its first decision and outbox row: all of them, or none where it throws. An existing task is left as it
 * is, also when it occurs twice among these. Returns results in order. Without `isTelemetryOn`, nothing is put into the outbox.
 */
export async function admitTasks(
  prisma: PrismaClient,
  tasks: readonly NewTask[],
  { isTelemetryOn = true }: { isTelemetryOn?: boolean } = {},
): Promise<Admission[]> {
  return askStateStore(async () => {
    // The first of an id is written; a later one is looked up like any existing task.
    const firsts = new Map(tasks.toReversed().map((task) => [task.id, task]));
    const inserted = await insertTasks(prisma, [...firsts.values()], isTelemetryOn);
    const isNew = (task: NewTask): boolean => inserted.has(task.id) && firsts.get(task.id) === task;
    const others = tasks.filter((task) => !isNew(task));
    const claimed = others.length === 0 ? () => undefined : await findClaimed(prisma, others);
    return tasks.map((task): Admission => {
      if (isNew(task)) return { kind: "admitted", task: newlyAdmitted(task) };
      const row = claimed(task);
      if (row === undefined) throw new AppError("upstream_unavailable", `Task ${task.id} went away while it was looked for.`);
      return againOf(task, row);
    });
  });
}

/** The results of admitting tasks again, without admitting any: null for one that does not exist. In order. */
export async function findAdmissions(prisma: PrismaClient, tasks: readonly NewTask[]): Promise<(Admission | null)[]> {
  const claimed = await askStateStore(() => findClaimed(prisma, tasks));
  return tasks.map((task) => {
    const row = claimed(task);
    return row === undefined ? null : againOf(task, row);
  });
}

/** The admission of an existing task: `known` for the same request, `conflict` for another one. */
function againOf({ requestHash }: NewTask, row: TaskRow): Admission {
  return { kind: row.requestHash === requestHash ? "known" : "conflict", task: toTask(row) };
}
