import { z } from "zod";
import { NamedError } from "../errors/errorReport.ts";
import { TaskRequest } from "../tasks/task.ts";
import { IngestSource } from "../telemetry/reconciliation.ts";

/**
 * How one attempt at a task ended. `error` is set when it failed; the worker of a `lost` attempt died before it
 * could say why, and a `released` attempt was given up without a failure by a worker that lived on. `isAlone`:
 * nothing else ran in its process. `backoffMs` is the delay before the next attempt. Times are ISO 8601, UTC.
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

/** The content of a dead letter: a task, or telemetry that could not be ingested. */
export const DeadLetterKind = z.enum(["task", "ingest"]);
export type DeadLetterKind = z.infer<typeof DeadLetterKind>;

/**
 * Why something was given up. A task: its retries were used up, a retry could not help, its workers died of it, its
 * attempts took too long, a policy refused it, or its version was not served for too long. Telemetry: records that arrived
 * are malformed, the store did not take the rows made of them, or a client's file holds a batch that cannot be read at all.
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
 * Fields of every dead letter: owner, cause, error (`errorChain` lists the causes,
 * nearest first), and times. Failures of the same kind share a `fingerprint`.
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
 * A task that was given up, with its whole history. `run` starts at 1 and grows with every redrive; there is at most
 * one dead letter per run. `service` and `tool` say where the last attempt failed, `errorClass` and `message` how;
 * `frame` is the topmost stack line in our own code. `decisionHead` is the last decision, which announces this letter.
 */
export const TaskLetter = z.strictObject({
  ...told,
  kind: z.literal("task"),
  taskId: z.uuid(),
  payload: TaskRequest,
  decisionHead: z.strictObject({ seq: z.number().int().nonnegative(), hash: z.string().length(64) }),
});
export type TaskLetter = z.infer<typeof TaskLetter>;

/** A time with the telemetry store's precision: microseconds since 1970. */
const Micros = z.number().int().nonnegative();

/**
 * Telemetry that could not be ingested, which stays where it is. `records`: a number of rows in the telemetry store's table `rejected`
 * that arrived from `source` within one minute, after `afterUs` and up to `upToUs`, for reasons of one kind; a null `reasonKind`
 * stands for all kinds except `otherThan`, which have their own letters. `file`: a client's file, identified by the hash of its bytes.
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

/**
 * Telemetry that could not be ingested. `run` starts at 1, and grows where
 * the same telemetry arrived again after somebody had dealt with it.
 */
export const IngestLetter = z.strictObject({ ...told, kind: z.literal("ingest"), payload: IngestBatch });
export type IngestLetter = z.infer<typeof IngestLetter>;

/** Something that was given up and waits for a person. */
export const DeadLetter = z.discriminatedUnion("kind", [TaskLetter, IngestLetter]);
export type DeadLetter = z.infer<typeof DeadLetter>;
