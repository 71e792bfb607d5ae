import { z } from "zod";
import { hexOf } from "../ids.ts";
import type { Statement } from "../readRows.ts";
import type { SpanOutline } from "./storedSpan.ts";
import { OF_TRACE } from "./traceDetail.ts";

/** A run of a trace, and the first half of its UUID. */
export const RunHalf = z.object({ spanId: z.string(), half: z.string() });
export type RunHalf = z.infer<typeof RunHalf>;

/** The runs of a trace that LangSmith's client reported natively. */
export function runHalves(project: string, traceId: string): Statement {
  const sql = `SELECT DISTINCT ${hexOf("span_id")} AS spanId, substring(replaceAll(lower(attributes['langsmith.span.id']), '-', ''), 1, 16) AS half
FROM spans
WHERE ${OF_TRACE} AND source = 'langsmith' AND attributes['langsmith.span.id'] != ''`;
  return { sql, params: { project, traceId }, isSmall: true };
}

/** Whether some span names a parent that is not among them. */
export function hasOrphans(spans: readonly SpanOutline[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.some(({ parentSpanId }) => parentSpanId !== null && !ids.has(parentSpanId));
}

/**
 * Moves foreign spans below the LangSmith runs in which they began. LangSmith's client for Python
 * gives them the first half of the run's UUID as their parent, which is not a span id here, since runs
 * of one millisecond may share it. Where two runs of the trace do, the span stays without a parent.
 */
export function belowRuns(spans: readonly SpanOutline[], runs: readonly RunHalf[]): SpanOutline[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const byHalf = Map.groupBy(runs, ({ half }) => half);
  return spans.map((span) => {
    const [run, ...others] = byHalf.get(span.parentSpanId ?? "") ?? [];
    const isBelow = run !== undefined && others.length === 0 && !ids.has(span.parentSpanId ?? "");
    return isBelow ? { ...span, parentSpanId: run.spanId } : span;
  });
}
