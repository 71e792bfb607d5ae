import { type Admission, admitTasks, type GroupCommitLimits, groupCommit, type NewTask, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, canonicalHash, EMPTY_CHAIN, newId, spanIdOf, type TaskRequest, traceIdOf, whyUnstorable } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../clock.ts";
import { routed } from "../decisions/choices.ts";
import { decideNext } from "../decisions/decide.ts";
import { requireDomain } from "../domains/domains.ts";
import { VERSION } from "../identity.ts";
import type { QueuedTask, TaskQueue } from "../queue/taskQueue.ts";
import type { Assigned } from "./routing.ts";

/** A task with the build of its version: only workers of that build may take it (null: any worker may). */
export type RoutedTask = NewTask & { build?: string | null };

/** How a task is routed: the version assigned to it (null: any version may serve it), and whether the request itself names the planner. */
export type RoutedBy = { assigned: Assigned | null; isPlannerNamed: boolean };

const BY_NOBODY: RoutedBy = { assigned: null, isPlannerNamed: true };

/**
 * Builds the task that a request asks for, with the decision that routes it. `idempotencyKey` is the sender's own name for the request, if
 * it gave one. Where the request names no planner, the version decides. Throws `invalid_input` for an unknown domain.
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

/** A new task in the form in which the queue takes it. */
function queuedTaskOf({ id, request: { lane = "interactive", project }, build = null }: RoutedTask): QueuedTask {
  return { id, lane, project, build };
}

/** Limits of one group commit. Two statements in flight keep the store busy while the answers of one are on their way. */
const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 250, bytesMax: 4 * 1024 * 1024, handoversMax: 2 };

/**
 * Limits on requests waiting to be written, by count and by bytes, and the delay after which a request refused by these limits may try
 * again.
 */
const WAITING_MAX = { tasks: 20_000, bytes: 64 * 1024 * 1024 };
const ROOM_AFTER_MS = 1_000;

/** Admits a task; resolves when it is stored. `bytes` is the size of the request. Throws `overloaded` when too many requests wait. */
export type Admit = (task: RoutedTask, bytes: number) => Promise<Admission>;

/**
 * Stores and queues tasks; those that arrive together share one statement and one call of the queue. A task counts as admitted even if it
 * cannot be queued now: the sweeper queues it later.
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
      // The queue itself logs, once, that its store is away.
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
