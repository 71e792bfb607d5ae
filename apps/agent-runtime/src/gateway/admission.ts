import { type Admission, admitTasks, type GroupCommitLimits, groupCommit, type NewTask, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, canonicalHash, EMPTY_CHAIN, newId, spanIdOf, type TaskRequest, traceIdOf } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../clock.ts";
import { routed } from "../decisions/choices.ts";
import { decideNext } from "../decisions/decide.ts";
import { requireDomain } from "../domains/domains.ts";
import { VERSION } from "../identity.ts";
import type { QueuedTask, TaskQueue } from "../queue/taskQueue.ts";
import type { Assigned } from "./routing.ts";

/** A text that PostgreSQL cannot hold or UTF-8 cannot say. */
function isUnstorable(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}

/** Deeper than this no request of a person or program goes; what reads it later calls itself once per level. */
const DEPTH_MAX = 100;

/** Why a JSON value could not be stored as it is; null when it could. */
function whyUnstorable(value: unknown, place: string, depth = 0): string | null {
  const unstorable = `${place} holds a NUL character or half a surrogate pair.`;
  if (typeof value === "string") return isUnstorable(value) ? unstorable : null;
  if (value === null || typeof value !== "object") return null;
  if (depth === DEPTH_MAX) return `The request holds values that are nested deeper than ${DEPTH_MAX} levels.`;
  for (const [key, member] of Object.entries(value)) {
    const why = isUnstorable(key) ? unstorable : whyUnstorable(member, `${place}.${key}`, depth + 1);
    if (why !== null) return why;
  }
  return null;
}

/** A task with the build of its version, whose workers alone may take it (null: any worker may). */
export type RoutedTask = NewTask & { build?: string | null };

/** How a task is routed: to which version (null: any may serve it), and whether the request itself says who plans it. */
export type RoutedBy = { assigned: Assigned | null; isPlannerNamed: boolean };

const BY_NOBODY: RoutedBy = { assigned: null, isPlannerNamed: true };

/**
 * The task that a request asks for, with the decision that routes it. `idempotencyKey` is its sender's name for it, if there
 * is one; where the request does not say who plans, its version does. Throws `invalid_input` for a domain that is not there.
 */
export function newTaskOf(
  clock: Clock,
  asked: TaskRequest,
  idempotencyKey: string | null = null,
  { assigned, isPlannerNamed }: RoutedBy = BY_NOBODY,
): RoutedTask {
  requireDomain(asked.domain);
  const why = whyUnstorable(asked, "request");
  if (why !== null) throw new AppError("invalid_input", why);

  const { id = newId(), ...content } = asked;
  const planner = assigned === null || isPlannerNamed ? content.planner : { kind: assigned.manifest.planner };
  const request: TaskRequest = { id, ...content, planner };
  const requestHash = canonicalHash(content);
  const nowUs = clock.nowUs();
  const traceId = traceIdOf(id);
  const occasion = { project: request.project, taskId: id, traceId, attempt: 1, spanId: spanIdOf(id, 0), version: VERSION, nowUs };
  const decision = decideNext(EMPTY_CHAIN, occasion, routed(request, assigned));
  const assignment = assigned && {
    ...{ version: assigned.version, variant: assigned.variant },
    ...{ bucket: assigned.bucket, unit: assigned.unit, weight: assigned.weight },
  };
  return {
    id,
    request,
    requestHash,
    idempotencyKey,
    traceId,
    createdAt: dateOfUs(nowUs),
    assignment,
    build: assigned?.build ?? null,
    routed: decision,
  };
}

/** A new task as it is to wait. */
function queuedTaskOf({ id, request: { lane = "interactive", project }, build = null }: RoutedTask): QueuedTask {
  return { id, lane, project, build };
}

/** What is written at a time. Two statements under way keep the store busy while the answers of one are on their way. */
const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 250, bytesMax: 4 * 1024 * 1024, handoversMax: 2 };

/**
 * How many requests may wait to be written, and how many bytes of them;
 * and how soon there is room again where they wait for one another only.
 */
const WAITING_MAX = { tasks: 20_000, bytes: 64 * 1024 * 1024 };
const ROOM_AFTER_MS = 1_000;

/**
 * Admits tasks as they come, answering each when it is stored. `bytes` is the size of its request. Throws `overloaded` when too many wait.
 */
export type Admit = (task: RoutedTask, bytes: number) => Promise<Admission>;

/**
 * Stores and queues tasks, those that come together in one statement and one hand-over to the queue. A
 * task is admitted whether or not the queue hears of it now: the sweeper queues what is left behind.
 */
export function openAdmission({
  prisma,
  queue,
  log,
  isTelemetryOn = true,
}: {
  prisma: PrismaClient;
  queue: TaskQueue;
  log: Logger;
  isTelemetryOn?: boolean;
}): Admit {
  const waiting = { tasks: 0, bytes: 0 };
  const admitTogether = groupCommit(GROUP_COMMIT, async (tasks: RoutedTask[]) => {
    const admissions = await admitTasks(prisma, tasks, { isTelemetryOn });
    const admitted = tasks.filter((_task, index) => admissions[index]?.kind === "admitted");
    await queue.enqueue(admitted.map(queuedTaskOf)).catch((error: unknown) => {
      // That its store is away the queue says itself, once.
      const isAway = error instanceof AppError && error.code === "upstream_unavailable";
      if (!isAway) log.warn({ err: error, tasks: admitted.length }, "queued later by the sweeper");
    });
    return admissions;
  });

  return async (task, bytes) => {
    if (waiting.tasks >= WAITING_MAX.tasks || waiting.bytes + bytes > WAITING_MAX.bytes)
      throw new AppError("overloaded", "More requests wait to be stored than there is room for.", { retryAfterMs: ROOM_AFTER_MS });
    waiting.tasks += 1;
    waiting.bytes += bytes;
    try {
      return await admitTogether(task, bytes);
    } finally {
      waiting.tasks -= 1;
      waiting.bytes -= bytes;
    }
  };
}
