import { z } from "zod";
import { NamedError } from "../errors/errorReport.ts";
import { TaskRequest } from "../tasks/task.ts";
import { IngestSource } from "../telemetry/reconciliation.ts";

/**
 * How one start of a task ended. `error` is set when it failed; a `lost` attempt's worker was gone before it
 * could say why, and `released` is one that a worker which lived on gave up without failing. `isAlone`: nothing
 * ran beside it in its process. `backoffMs` is how long the next attempt had to wait. Times are ISO 8601, UTC.
 */
export const AttemptReport = z.strictObject({
  attempt: z.number().int().positive(),
  worker: z.string(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(["failed", "lost", "released"]),
  error: z.strictObject({ class: z.string(), message: z.string() }).nullable(),
  isAlone: z.boolean().default(false),
  backoffMs: z.number().int().nonnegative().nullable().default(null),
});
export type AttemptReport = z.infer<typeof AttemptReport>;

/** What a dead letter holds: a task, or telemetry that could not be taken in. */
export const DeadLetterKind = z.enum(["task", "ingest"]);
export type DeadLetterKind = z.infer<typeof DeadLetterKind>;

/**
 * Why something was given up. A task: its retries were used up, a retry could not help, its workers died of it, its attempts
 * took too long, a policy refused it, or nobody served its version for long. Telemetry: records that came are not as they
 * must be, the store did not take what was made of them, or a file of a client holds a batch that nothing can be read of.
 */
export const DeadLetterCause = z.enum([
  "attempts_exhausted",
  "not_retryable",
  "kills_worker",
  "timed_out",
  "refused",
  "unserved",
  "rejected",
  "refused_by_store",
  "unreadable_batch",
]);
export type DeadLetterCause = z.infer<typeof DeadLetterCause>;

/**
 * What every dead letter tells: whose it is, why and how it failed (`errorChain` are the causes,
 * the nearest first), and when. `fingerprint` is the same for failures of the same kind.
 */
const told = {
  id: z.uuid(),
  run: z.number().int().positive(),
  project: z.string(),
  cause: DeadLetterCause,
  service: z.string(),
  tool: z.string().nullable(),
  errorClass: z.string(),
  errorChain: z.array(NamedError),
  frame: z.string().nullable(),
  fingerprint: z.string(),
  message: z.string(),
  attempts: z.array(AttemptReport),
  traceId: z.string(),
  versions: z.array(z.string()),
  firstFailedAt: z.iso.datetime(),
  lastFailedAt: z.iso.datetime(),
};

/**
 * A task that was given up, with its whole history. `run` is 1 at first and grows with every redrive; there is at most one dead letter
 * per run. `service` and `tool` are where the last attempt failed, `errorClass` and `message` how; `frame` is
 * the top own line of the stack. `decisionHead` is the last decision, the one that announces this letter.
 */
export const TaskLetter = z.strictObject({
  ...told,
  kind: z.literal("task"),
  taskId: z.uuid(),
  payload: TaskRequest,
  decisionHead: z.strictObject({ seq: z.number().int().nonnegative(), hash: z.string().length(64) }),
});
export type TaskLetter = z.infer<typeof TaskLetter>;

/** A moment to the microsecond, as the telemetry store has it: microseconds since 1970. */
const Micros = z.number().int().nonnegative();

/**
 * Telemetry that could not be taken in, which stays where it is. `records`: so many of the telemetry store's table `rejected`,
 * which came by `source` in one minute, after `afterUs` and up to `upToUs`, for reasons of one kind; a `reasonKind` of null is
 * for all kinds but `otherThan`, those that have letters of their own. `file`: a file of a client, by the hash of its bytes.
 */
export const IngestBatch = z.discriminatedUnion("held", [
  z.strictObject({
    held: z.literal("records"),
    name: z.string(),
    source: IngestSource,
    reasonKind: z.string().nullable(),
    otherThan: z.array(z.string()).default([]),
    minute: z.iso.datetime(),
    afterUs: Micros,
    upToUs: Micros,
    records: z.number().int().positive(),
  }),
  z.strictObject({
    held: z.literal("file"),
    name: z.string(),
    path: z.string(),
    host: z.string(),
    sha256: z.string().length(64),
    bytes: z.number().int().nonnegative(),
  }),
]);
export type IngestBatch = z.infer<typeof IngestBatch>;

/** Telemetry that could not be taken in. `run` is 1 at first, and greater where the same came again after somebody had dealt with it. */
export const IngestLetter = z.strictObject({ ...told, kind: z.literal("ingest"), payload: IngestBatch });
export type IngestLetter = z.infer<typeof IngestLetter>;

/** What was given up and waits for somebody. */
export const DeadLetter = z.discriminatedUnion("kind", [TaskLetter, IngestLetter]);
export type DeadLetter = z.infer<typeof DeadLetter>;

/**
 * The answer of the controller's `POST /v1/dead-letters/{id}/redrive`: `redriven` is false
 * when an earlier call had done it already. `taskId` is null where no task was given up.
 */
export const RedriveAnswer = z.strictObject({ taskId: z.uuid().nullable(), redriven: z.boolean() });
export type RedriveAnswer = z.infer<typeof RedriveAnswer>;
