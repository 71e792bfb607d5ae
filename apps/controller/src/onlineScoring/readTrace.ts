import type { createTraceStore } from "@signalbox/db/clickhouse";
import type { ScoredItem, TargetAnswer } from "@signalbox/evals";
import { conversationOf, saidIn } from "@signalbox/model";

/** So many spans of a trace are read for what was said in it. */
const TALKING_SPANS_MAX = 2_000;

/**
 * A trace as scorers look at one: what its user said first, what was answered last, and what that took. Nobody said what would have been right. Null where no span of it is stored; what a trace does not
 * tell is null, and a cost that not every call of a model reports is not told.
 */
export async function readTrace(
  traces: Pick<ReturnType<typeof createTraceStore>, "summary" | "talkingSpans">,
  project: string,
  traceId: string,
): Promise<{ item: ScoredItem; answer: TargetAnswer } | null> {
  const [summary, { spans }] = await Promise.all([
    traces.summary(project, traceId),
    traces.talkingSpans(project, traceId, TALKING_SPANS_MAX),
  ]);
  if (summary === null) return null;
  const { input, output, calls } = saidIn(conversationOf(spans));
  const tokens =
    summary.inputTokens === null && summary.outputTokens === null ? null : (summary.inputTokens ?? 0) + (summary.outputTokens ?? 0);
  return {
    item: { id: traceId, input, expectedOutput: null, expectedToolCalls: null, expectedState: null },
    answer: {
      ...{ output, toolCalls: calls, state: null, reward: null, tokens },
      latencyMs: Number(BigInt(summary.endTimeUnixNano) - BigInt(summary.startTimeUnixNano)) / 1e6,
      costUsd: summary.spansWithoutCost > 0 ? null : summary.costUsd,
    },
  };
}
