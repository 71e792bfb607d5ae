import type { KeptLog, KeptOrigin, KeptPoint, KeptSpan, KeptValue } from "./keptRecord.ts";

/** A value in OTLP's JSON mapping (opentelemetry-proto, docs/specification.md). */
type AnyValue = Record<string, unknown>;
type KeyValues = { key: string; value: AnyValue }[];

function anyValue(value: KeptValue): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

function keyValues(attributes: { [key: string]: KeptValue }): KeyValues {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/**
 * The text of an unreadable span, which was stored as it came; null for any other span. Senders may use an attribute of the same name, so
 * it need not be JSON.
 */
export function originalOf({ traceId, spanId, attributes: { original } }: KeptSpan): string | null {
  return traceId === "" && spanId === "" && typeof original === "string" ? original : null;
}

/** A span as its sender wrote it, in OTLP's JSON mapping. */
export function spanJson(kept: KeptSpan): unknown {
  const original = originalOf(kept);
  if (original !== null) return JSON.parse(original);
  const { attributes, events, links, statusCode, statusMessage, origin: _, ...span } = kept;
  return {
    ...span,
    attributes: keyValues(attributes),
    events: events.map((event) => ({ ...event, attributes: keyValues(event.attributes) })),
    links: links.map((link) => ({ ...link, attributes: keyValues(link.attributes) })),
    status: { code: statusCode, message: statusMessage },
  };
}

/** A log record as its sender wrote it, in OTLP's JSON mapping. */
export function logJson({ attributes, body, severity, origin: _, ...log }: KeptLog): unknown {
  return { ...log, severityText: severity, body: anyValue(body), attributes: keyValues(attributes) };
}

const TYPES = {
  gauge: "gauge",
  sum: "sum",
  histogram: "histogram",
  exponential_histogram: "exponentialHistogram",
  summary: "summary",
} as const;

/** A data point's number; text is a number that a double cannot hold. */
function pointValue(value: number | string | null): AnyValue {
  if (value === null) return {};
  return typeof value === "string" && /^-?\d+$/.test(value) ? { asInt: value } : { asDouble: value };
}

/** A metric with one data point, as its sender wrote it, in OTLP's JSON mapping. */
export function metricJson({ metric, type, attributes, origin: _, ...point }: KeptPoint): unknown {
  const { positive, negative, quantiles, value, exemplars, ...rest } = point;
  const buckets = ({ offset, counts }: { offset: number; counts: (number | string)[] }) => ({ offset, bucketCounts: counts });
  const dataPoint = {
    ...Object.fromEntries(Object.entries(rest).filter(([, of]) => of !== null)),
    ...pointValue(value),
    attributes: keyValues(attributes),
    ...(type === "exponential_histogram" ? { positive: buckets(positive), negative: buckets(negative) } : {}),
    ...(type === "summary" ? { quantileValues: quantiles } : {}),
    exemplars: exemplars.map(({ attributes: filtered, value: measured, ...exemplar }) => ({
      ...exemplar,
      ...pointValue(measured),
      filteredAttributes: keyValues(filtered),
    })),
  };
  const { name, description, unit, temporality, isMonotonic } = metric;
  return {
    ...{ name, description, unit },
    [TYPES[type]]: { dataPoints: [dataPoint], aggregationTemporality: temporality, ...(type === "sum" ? { isMonotonic } : {}) },
  };
}

/** An OTLP request of records, grouped by origin. `lists` are the names of the signal's lists. */
export function exportRequest<R extends { origin: KeptOrigin }>(
  records: readonly R[],
  { resources, scopes, items }: { resources: string; scopes: string; items: string },
  jsonOf: (record: R) => unknown,
): unknown {
  const byOrigin = Map.groupBy(records, ({ origin }) => JSON.stringify(origin));
  return {
    [resources]: [...byOrigin.values()].map((ofOrigin) => {
      const { resource, scope } = ofOrigin[0]?.origin ?? { resource: {}, scope: "" };
      return {
        resource: { attributes: keyValues(resource) },
        [scopes]: [{ scope: { name: scope }, [items]: ofOrigin.map(jsonOf) }],
      };
    }),
  };
}
