import type { createTraceStore } from "@signalbox/db/clickhouse";
import type { ScoredItem, TargetAnswer } from "@signalbox/evals";
import { conversationOf, saidIn } from "@signalbox/model";

/**
 * How much of a trace is read for its messages, half from its beginning and half from its end: the user spoke first, and the answer came
 * last.
 */
const ENDS = { spansMax: 2_000, bytesMax: 8_000_000 } as const;

/**
 * A trace in the form that scorers get: the user's first message, the last answer, and the usage, without a reference answer. Null if none
 * of its spans is stored. Unknown fields are null; so is a cost that not every model call reports.
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
