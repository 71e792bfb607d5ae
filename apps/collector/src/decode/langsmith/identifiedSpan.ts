import type { OtlpSpan } from "../otlp.ts";
import { runIdOf, spanIdOfRun } from "./runId.ts";
import { readDottedOrder } from "./times.ts";

/** The attribute by which an OpenTelemetry span names its run: LangSmith documents it, and some versions of its clients set it. */
export const RUN_ID_KEY = "langsmith.span.id";

/**
 * Gives a span that names its run (`langsmith.span.id`) the ids and the start that the run's own route gives it (`spanOfRun`), so that both
 * routes make one row; any other span is unchanged. Parts of its place that it does not tell stay OpenTelemetry's; a root that began inside
 * another span is linked to it.
 */
export function identifiedSpan(span: OtlpSpan): OtlpSpan {
  const { attributes, traceId, parentSpanId, endTimeUnixNano, links } = span;
  const runId = runIdOf(attributes.get(RUN_ID_KEY));
  if (runId === null) return span;
  const order = readDottedOrder(attributes.get("langsmith.span.dotted_order"));
  const parentId = runIdOf(attributes.get("langsmith.span.parent_id")) ?? order?.path.at(-2) ?? null;
  const isRoot = parentId === null && order !== null;
  const startTimeUnixNano = order?.startTimeUnixNano ?? span.startTimeUnixNano;
  const isOver = endTimeUnixNano > startTimeUnixNano;
  return {
    ...span,
    traceId: runIdOf(attributes.get("langsmith.trace.id")) ?? order?.path.at(0) ?? traceId,
    spanId: spanIdOfRun(runId),
    parentSpanId: parentId === null ? (isRoot ? "" : parentSpanId) : spanIdOfRun(parentId),
    startTimeUnixNano,
    endTimeUnixNano: isOver ? endTimeUnixNano : startTimeUnixNano,
    links: isRoot && parentSpanId !== "" ? [...links, { traceId, spanId: parentSpanId, attributes: new Map() }] : links,
  };
}
