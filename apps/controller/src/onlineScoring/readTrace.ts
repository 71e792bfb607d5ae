import type { createTraceStore } from "@signalbox/db/clickhouse";
import type { ScoredItem, TargetAnswer } from "@signalbox/evals";
import { conversationOf, saidIn } from "@signalbox/model";

/**
 * So much of a trace is read for what was said in it, one half from its beginning
 * and the other from its end: its user spoke first, and its answer came last.
 */
const ENDS = { spansMax: 2_000, bytesMax: 8_000_000 } as const;

/**
 * A trace as scorers look at one: what its user said first, what was answered last, and what
 * that took. Nobody said what would have been right. Null where no span of it is stored; what a
 * trace does not tell is null, and a cost that not every call of a model reports is not told.
 */
export async function readTrace(
  traces: Pick<ReturnType<typeof createTraceStore>, "summary" | "talkingEnds">,
  project: string,
  traceId: string,
): Promise<{ item: ScoredItem; answer: TargetAnswer } | null> {
  const [summary, { spans, all, leftOutBytes }] = await Promise.all([
    traces.summary(project, traceId),
    traces.talkingEnds(project, traceId, ENDS),
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
      ...(all === spans.length
        ? {}
        : {
            leftOut: {
              what: `${all - spans.length} of the ${all} steps, in the middle of what happened, are left out`,
              bytes: leftOutBytes,
            },
          }),
    },
  };
}
