import { findTaskRequest } from "@signalbox/db/prisma";
import { AppError, conversationOf, DatasetItemContent, datasetItemOfTask, saidIn } from "@signalbox/model";
import type { Context } from "../context.ts";

/** The most spans of a trace that are read for its conversation. */
const TALKING_SPANS_MAX = 2_000;

/**
 * A trace as a draft of an item, for a person to correct. A task of the reference agent gives its expectation; any other
 * trace its user's first message, its last answer and its tool calls. Throws `not_found` where the trace has neither.
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
