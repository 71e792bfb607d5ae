import type { TaskRecord } from "@signalbox/db/prisma";
import { type AttemptReport, type ChainHead, type DeadLetterCause, stableId, type TaskLetter } from "@signalbox/model";
import type { Failure } from "./failure.ts";

/** Why a task was given up: the cause, and the attempts of this run including the last. */
export type TaskFailure = { cause: DeadLetterCause; failure: Failure; fingerprint: string; attempts: readonly AttemptReport[] };

/** The dead letter of a task whose chain of decisions ends at `decisionHead`. */
export function deadLetterOf(
  task: TaskRecord,
  { cause, failure, fingerprint, attempts }: TaskFailure,
  decisionHead: ChainHead,
  now: Date,
): TaskLetter {
  const times = attempts.flatMap(({ endedAt }) => endedAt ?? []).sort();
  return {
    id: stableId("dead-letter", task.id, String(task.run)),
    kind: "task",
    taskId: task.id,
    run: task.run,
    project: task.request.project,
    cause,
    service: failure.service,
    tool: failure.tool,
    errorClass: failure.class,
    errorChain: failure.chain,
    frame: failure.frame,
    fingerprint,
    message: failure.message,
    payload: task.request,
    attempts: [...attempts],
    decisionHead: { seq: decisionHead.seq, hash: decisionHead.hash },
    traceId: task.traceId,
    versions: [...new Set(attempts.map(({ version }) => version))],
    firstFailedAt: times[0] ?? now.toISOString(),
    lastFailedAt: times.at(-1) ?? now.toISOString(),
  };
}
