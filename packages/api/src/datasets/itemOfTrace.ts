import { findTaskRequest } from "@signalbox/db/prisma";
import { AppError, conversationOf, DatasetItemContent, datasetItemOfTask, saidIn } from "@signalbox/model";
import type { Context } from "../context.ts";

/** So many spans of a trace are read for what was said in it. */
const TALKING_SPANS_MAX = 2_000;

/**
 * A trace as an item, for a person to correct: a task of the reference agent with what was expected of it; of any other trace
 * what its user said first, what was answered last and which tools were called. Throws `not_found` where the trace says neither.
 */
export async function itemOfTrace({ state, traces, decisions }: Context, project: string, traceId: string): Promise<DatasetItemContent> {
  const [decision] = await decisions.byTrace(project, traceId, 1);
  const request = decision === undefined ? null : await findTaskRequest(state, project, decision.taskId);
  if (decision !== undefined && request !== null) return datasetItemOfTask(request, { traceId, taskId: decision.taskId });
  const { spans } = await traces.talkingSpans(project, traceId, TALKING_SPANS_MAX);
  const { input, output, calls } = saidIn(conversationOf(spans));
  if (input === null)
    throw new AppError("not_found", "No span of this trace has what a user said.", {
      hint: "Write down yourself what is asked and what is right.",
    });
  return DatasetItemContent.parse({
    input,
    expectedOutput: output,
    expectedToolCalls: calls.length === 0 ? null : calls,
    source: { traceId, taskId: null },
  });
}
