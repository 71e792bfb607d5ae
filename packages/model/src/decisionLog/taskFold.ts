import type { ChainHead, Decision } from "../tasks/decision.ts";
import { EMPTY_CHAIN } from "../tasks/decision.ts";

/**
 * A task's state according to its decisions. `open` is queued or running: taking a task is not a
 * decision. `run` counts from 1 and grows with every redrive; `attempts` is the last attempt that
 * decided anything (one whose worker died first is not in the log). `error` is why the run was given up.
 */
export type FoldedTask = {
  taskId: string;
  project: string;
  traceId: string;
  phase: "open" | "done" | "dead";
  run: number;
  attempts: number;
  error: string | null;
  head: ChainHead;
};

/** A task before its first decision. */
export const NO_TASK: FoldedTask = {
  ...{ taskId: "", project: "", traceId: "", phase: "open", run: 1, attempts: 0, error: null },
  head: EMPTY_CHAIN,
};

/** The task after one more decision. Pure: a task's state is this fold over its decisions. */
export function foldDecision(task: FoldedTask, decision: Decision): FoldedTask {
  const { taskId, project, traceId, seq, hash } = decision;
  const next = { ...task, taskId, project, traceId, head: { seq, hash }, attempts: Math.max(task.attempts, attemptOf(decision)) };
  switch (decision.kind) {
    case "planned":
      return decision.chosen === "stop" ? { ...next, phase: "done", error: null } : next;
    case "dead_lettered":
      return { ...next, phase: "dead", error: decision.reason };
    case "replayed":
      return { ...next, phase: "open", run: task.run + 1, error: null };
    default:
      return next;
  }
}

/** The attempt that took a decision; 0 for decisions of the gateway or of an operator. */
function attemptOf({ kind, seq, attempt }: Decision): number {
  return seq === 0 || kind === "replayed" ? 0 : attempt;
}

/** The columns of a task's row that follow from its decisions. */
export type TaskProjection = {
  status: "queued" | "running" | "done" | "dead";
  run: number;
  attempts: number;
  error: string | null;
  head: ChainHead;
};

/**
 * The names of the columns that disagree with the decisions. A row may count more attempts
 * than took a decision, and an open task may still hold the error of its previous attempt.
 */
export function projectionFaults(row: TaskProjection, folded: FoldedTask): string[] {
  const phase = row.status === "queued" || row.status === "running" ? "open" : row.status;
  const isOff = {
    status: phase !== folded.phase,
    run: row.run !== folded.run,
    attempts: row.attempts < folded.attempts,
    error: phase === folded.phase && folded.phase !== "open" && row.error !== folded.error,
    head: row.head.seq !== folded.head.seq || row.head.hash !== folded.head.hash,
  };
  return Object.entries(isOff).flatMap(([name, off]) => (off ? [name] : []));
}
