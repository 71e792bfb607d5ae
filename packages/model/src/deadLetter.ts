import { z } from "zod";
import { NamedError } from "./errorReport.ts";
import { TaskRequest } from "./task.ts";

/**
 * How one start of a task ended. `error` is set when it failed; a `lost` attempt's worker was gone before it could say why, and `released` is one that a worker
 * which lived on gave up without failing. `isAlone`: nothing ran beside it in its process. `backoffMs` is how long the next attempt had to wait. Times are ISO 8601, UTC.
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

/** Why a task was given up: its retries were used up, a retry could not help, its workers died of it, its attempts took too long, or a policy refused it. */
export const DeadLetterCause = z.enum(["attempts_exhausted", "not_retryable", "kills_worker", "timed_out", "refused"]);
export type DeadLetterCause = z.infer<typeof DeadLetterCause>;

/**
 * A task that was given up, with its whole history. `run` is 1 at first and grows with every redrive; there is at most one dead letter
 * per run. `service` and `tool` are where the last attempt failed, `errorClass` and `message` how; `errorChain` are the causes, the nearest first, and `frame` is
 * the top own line of the stack. `fingerprint` is the same for failures of the same kind. `decisionHead` is the last decision, the one that announces this letter.
 */
export const DeadLetter = z.strictObject({
  id: z.uuid(),
  kind: DeadLetterKind,
  taskId: z.uuid(),
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
  payload: TaskRequest,
  attempts: z.array(AttemptReport),
  decisionHead: z.strictObject({ seq: z.number().int().nonnegative(), hash: z.string().length(64) }),
  traceId: z.string(),
  versions: z.array(z.string()),
  firstFailedAt: z.iso.datetime(),
  lastFailedAt: z.iso.datetime(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** The answer of the controller's `POST /v1/dead-letters/{id}/redrive`: `redriven` is false when an earlier call had done it already. */
export const RedriveAnswer = z.strictObject({ taskId: z.uuid(), redriven: z.boolean() });
export type RedriveAnswer = z.infer<typeof RedriveAnswer>;
