import { findTaskRequest } from "@signalbox/db/prisma";
import { conversationOf, DatasetItemContent, datasetItemOfTask, issuesText, saidIn } from "@signalbox/model";
import type { Context } from "../context.ts";

/** The most spans of a trace that are read for its conversation. */
const TALKING_SPANS_MAX = 2_000;

/** A trace as an item, or why it is none. */
export type TraceItem = { kind: "item"; content: DatasetItemContent } | { kind: "none"; why: string };

/**
 * A trace as an item: a task of the reference agent with what was expected of it; of any other trace what its user
 * said first and, where `isAnswerRight`, what was answered last and which tools were called as what is right.
 */
export async function itemOfTrace(
  { state, traces, decisions }: Pick<Context, "state" | "traces" | "decisions">,
  project: string,
  traceId: string,
  isAnswerRight = true,
): Promise<TraceItem> {
  const [decision] = await decisions.byTrace(project, traceId, 1);
  const request = decision === undefined ? null : await findTaskRequest(state, project, decision.taskId);
  if (decision !== undefined && request !== null)
    return { kind: "item", content: datasetItemOfTask(request, { traceId, taskId: decision.taskId }) };
  const { spans } = await traces.talkingSpans(project, traceId, TALKING_SPANS_MAX);
  const { input, output, calls } = saidIn(conversationOf(spans));
  if (input === null) return { kind: "none", why: "No span of this trace has what a user said." };
  const right = { expectedOutput: output, expectedToolCalls: calls.length === 0 ? null : calls };
  const content = DatasetItemContent.safeParse({ input, ...(isAnswerRight ? right : {}), source: { traceId, taskId: null } });
  return content.success ? { kind: "item", content: content.data } : { kind: "none", why: issuesText(content.error) };
}
