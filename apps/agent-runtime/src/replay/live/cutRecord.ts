import { AppError, spanIdOf, type TaskRecording, type TaskRequest } from "@signalbox/model";
import type { RecordedPart } from "../memoryJournals.ts";
import { isWorkers } from "../recordedAttempt.ts";

/** The start of a live replay: the part taken over from the record, the attempt that goes live, and the request of its run. */
export type Cut = RecordedPart & { attempt: number; version: string; request: TaskRequest };

/**
 * Throws `invalid_input` for a step that does not exist: a done task has the steps that it took, a dead one also the step at which it died.
 */
function requireStep({ id, steps, status }: TaskRecording, from: number): void {
  const last = steps.length + (status === "dead" ? 1 : 0);
  if (from <= last) return;
  throw new AppError("invalid_input", `Task ${id} has no step ${from}.`, { hint: `Its last step is ${last}.` });
}

/**
 * Cuts a record before the step `from`: everything earlier is taken over unchanged, in the attempt that made that step. Pure. Throws
 * `invalid_input` for a step that does not exist.
 */
export function cutRecord(recording: TaskRecording, from: number): Cut {
  requireStep(recording, from);
  const { id, attempts, requests } = recording;
  const attempt = recording.steps[from - 1]?.attempt ?? attempts.at(-1)?.attempt ?? 1;
  const { run = 1, version = "" } = attempts[attempt - 1] ?? {};
  const steps = recording.steps.slice(0, from - 1);
  const early = new Set(steps.map(({ step }) => spanIdOf(id, step)));
  const end = recording.decisions.findIndex(
    (decision) =>
      isWorkers(decision) && (decision.attempt > attempt || (decision.attempt === attempt && !early.has(decision.spanId ?? ""))),
  );
  const decisions = recording.decisions.slice(0, end === -1 ? undefined : end);
  // Every run after the first begins with a redrive; a redrive with an edited request restarts behind the steps of the earlier runs.
  const redrives = decisions.filter(({ kind }) => kind === "replayed").slice(0, run - 1);
  const edited = redrives.findLastIndex(({ detail }) => detail.isEdited === true);
  const runOf = (of: number): number => attempts[of - 1]?.run ?? 1;
  const stepsBefore = edited === -1 ? 0 : steps.filter((step) => runOf(step.attempt) < edited + 2).length;
  return {
    ...{ attempt, version, run, steps, decisions, stepsBefore },
    request: requests[run - 1] as TaskRequest,
    attempts: attempts.slice(0, attempt - 1).map((one) => ({ ...one, last: 0, servedBy: one.version })),
  };
}
