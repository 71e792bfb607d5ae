import { z } from "zod";
import { TaskRequest } from "./task.ts";

/**
 * How one start of a task ended. `error` is set when it failed; a `lost` attempt's worker was gone before it could say why. Times are ISO
 * 8601, UTC.
 */
export const AttemptReport = z.strictObject({
  attempt: z.number().int().positive(),
  worker: z.string(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(["failed", "lost"]),
  error: z.strictObject({ class: z.string(), message: z.string() }).nullable(),
});
export type AttemptReport = z.infer<typeof AttemptReport>;

/** Why a task was given up: its retries were used up, a retry could not help, or its workers kept dying on it. */
export const DeadLetterCause = z.enum(["attempts_exhausted", "not_retryable", "kills_worker"]);
export type DeadLetterCause = z.infer<typeof DeadLetterCause>;

/**
 * A task that was given up, with its whole history. `run` is 1 at first and grows with every redrive; there is at most one dead letter
 * per run. `fingerprint` is the same for failures of the same kind. `decisionHead` is the last decision, the one that announces this
 * letter.
 */
export const DeadLetter = z.strictObject({
  id: z.uuid(),
  taskId: z.uuid(),
  run: z.number().int().positive(),
  project: z.string(),
  cause: DeadLetterCause,
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
