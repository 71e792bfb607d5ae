import { AppError, type Decision, spanIdOf, type TaskRecording, verifyChain } from "@signalbox/model";
import { failedInWorker, isGivenUp } from "./recordedAttempt.ts";

/** The step whose tool a decision calls; null for any other decision. */
function stepCalledBy({ kind, detail }: Decision): number | null {
  const { idempotencyKey } = detail;
  if (kind !== "tool_called" || typeof idempotencyKey !== "string") return null;
  return Number(idempotencyKey.slice(idempotencyKey.lastIndexOf(":") + 1));
}

/** The first part missing from a record, as a sentence; null if it is complete. A replay invents nothing, so it needs the whole record. */
export function whyIncomplete({ id, attempts, steps, decisions, status, runsWithoutLetter }: TaskRecording): string | null {
  if (runsWithoutLetter[0] !== undefined) return `The dead letter of run ${runsWithoutLetter[0]} is gone.`;
  const gap = steps.findIndex(({ step }, index) => step !== index + 1);
  if (gap !== -1) return `Step ${gap + 1} is missing.`;
  if (decisions.length === 0) return "Its decisions are missing.";
  const chain = verifyChain(decisions);
  if (chain.kind === "broken") return `Its decision log is broken at decision ${chain.seq}: ${chain.reason}.`;
  const lost = attempts.findIndex(({ attempt }, index) => attempt !== index + 1);
  if (lost !== -1 || attempts.length === 0) return `Attempt ${lost === -1 ? 1 : lost + 1} is missing.`;

  const known = new Set(steps.map(({ step }) => step));
  const spans = new Map(Array.from({ length: steps.length + 64 }, (_, step) => [spanIdOf(id, step), step]));
  const finished = attempts.findLast(({ outcome }) => outcome === "done")?.attempt;
  for (const decision of decisions) {
    const step = decision.spanId === null ? 0 : spans.get(decision.spanId);
    if (step !== 0 && (step === undefined || !known.has(step)))
      return `Step ${step ?? "?"} is missing, in which decision ${decision.seq} was taken.`;
    const called = stepCalledBy(decision);
    if (called !== null && decision.attempt === finished && !known.has(called))
      return `Step ${called} is missing: the answer of ${decision.chosen}, which decision ${decision.seq} called.`;
  }
  const last = decisions.findLast(({ kind }) => kind === "planned" || kind === "dead_lettered");
  const isEnded = status === "done" ? last?.chosen === "stop" : last?.kind === "dead_lettered";
  return isEnded ? null : "The decision that ended it is missing.";
}

/** A sentence about the first attempt that failed at an unrecorded place; null if there is none. */
function whyUnplaced({ attempts, steps }: TaskRecording): string | null {
  const unplaced = attempts.find((one) => failedInWorker(one) && !isGivenUp(one) && steps.some(({ attempt }) => attempt === one.attempt));
  if (unplaced === undefined) return null;
  const { attempt, error } = unplaced;
  return `Attempt ${attempt} failed between two services, in the worker itself, and where is not on record: ${error?.message}`;
}

/** Throws `conflict` for a task that still runs, or whose record is incomplete; the message names the missing step, decision or attempt. */
export function requireRecord(recording: TaskRecording): void {
  const { id, status } = recording;
  if (status !== "done" && status !== "dead")
    throw new AppError("conflict", `Task ${id} is still ${status}: there is no end to compare with.`, {
      hint: "Replay it when it is done or dead.",
    });
  const why = whyIncomplete(recording);
  if (why !== null)
    throw new AppError("conflict", `The record of task ${id} is incomplete. ${why}`, {
      hint: "What is missing cannot be made up. Was the task erased, has its project's retention taken it, or was the store restored from before it ended?",
    });
}

/**
 * Throws `conflict` for a task that cannot be replayed from its record alone: one that `requireRecord` refuses, or one whose place of
 * failure is unknown.
 */
export function requireComplete(recording: TaskRecording): void {
  requireRecord(recording);
  const unplaced = whyUnplaced(recording);
  if (unplaced !== null)
    throw new AppError("conflict", `Task ${recording.id} cannot be replayed. ${unplaced}`, {
      hint: "Its log and its dead letter say what is known.",
    });
}
