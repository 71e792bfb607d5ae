import { type RecordedTask, readTaskHistory } from "@signalbox/db/prisma";
import { AppError, spanIdOf, type TaskMoment, timelineOf, verifyChain } from "@signalbox/model";
import type { Context } from "../context.ts";
import { cutTexts } from "./cutTexts.ts";

/** The most rows of a timeline: a task has some seventy steps per run; one with more over all its runs is cut here. */
const ROWS_MAX = 2_000;

/** Longer texts are cut: the trace has them in full. */
const TEXT_CHARS_MAX = 20_000;

/**
 * A moment without its step's input and output, which are part of the
 * conversation and the memory. Its `spanId` is that of its step, or of the task.
 */
function tell(taskId: string, { key, time, step, decisions }: TaskMoment) {
  const { attempt = 1 } = step ?? decisions[0] ?? {};
  return {
    ...{ key, time, attempt, decisions, spanId: spanIdOf(taskId, step?.step ?? 0) },
    step: step && {
      number: step.step,
      kind: step.stage.kind,
      durationMs: (step.finishedUs - step.startedUs) / 1_000,
      modelUse: step.modelUse,
    },
  };
}

function tellTask({ task: { result: _, ...task }, letters, history, isTruncated }: RecordedTask) {
  const { moments, ...lasting } = timelineOf(history);
  const told = { moments: moments.map((moment) => tell(history.id, moment)), ...lasting };
  return { task, letters, isTruncated, chain: verifyChain(history.decisions), ...cutTexts(told, TEXT_CHARS_MAX) };
}

/** A task through all its moments. Throws `not_found`. */
export async function readTimeline({ state }: Pick<Context, "state">, project: string, taskId: string) {
  const found = await readTaskHistory(state, project, taskId, ROWS_MAX);
  if (found !== null) return tellTask(found);
  throw new AppError("not_found", `There is no task ${taskId} in project ${project}.`, {
    hint: "It may belong to another project, or have been erased. A trace that another agent sent has no task here.",
  });
}
