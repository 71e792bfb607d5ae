import { z } from "zod";

/** An attribute value in the collector's stored form. */
export type KeptValue = string | number | boolean | null | KeptValue[] | { [key: string]: KeptValue };

const KeptValue: z.ZodType<KeptValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(KeptValue), z.record(z.string(), KeptValue)]),
);
const Attributes = z.record(z.string(), KeptValue);
const Origin = z.object({ resource: Attributes, scope: z.string() });
const Nanos = z.string();
const Numeric = z.union([z.number(), z.string()]);
const Buckets = z.object({ offset: z.number(), counts: z.array(Numeric) });

/**
 * A rejected span in the collector's stored form (its decode/recordText.ts): times are nanoseconds in decimal text, attributes an object.
 */
export const KeptSpan = z.object({
  origin: Origin,
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string(),
  name: z.string(),
  startTimeUnixNano: Nanos,
  endTimeUnixNano: Nanos,
  attributes: Attributes,
  events: z.array(z.object({ name: z.string(), timeUnixNano: Nanos, attributes: Attributes })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: Attributes })),
  statusCode: z.number(),
  statusMessage: z.string(),
});
/** A rejected log record, in the same form. */
export const KeptLog = z.object({
  origin: Origin,
  traceId: z.string(),
  spanId: z.string(),
  eventName: z.string(),
  severity: z.string(),
  timeUnixNano: Nanos,
  observedTimeUnixNano: Nanos,
  body: KeptValue,
  attributes: Attributes,
});
/** A rejected data point of a metric, in the same form. */
export const KeptPoint = z.object({
  origin: Origin,
  metric: z.object({ name: z.string(), description: z.string(), unit: z.string(), temporality: z.number(), isMonotonic: z.boolean() }),
  type: z.enum(["gauge", "sum", "histogram", "exponential_histogram", "summary"]),
  attributes: Attributes,
  startTimeUnixNano: Nanos,
  timeUnixNano: Nanos,
  flags: z.number(),
  value: Numeric.nullable(),
  count: Numeric,
  sum: Numeric.nullable(),
  min: Numeric.nullable(),
  max: Numeric.nullable(),
  bucketCounts: z.array(Numeric),
  explicitBounds: z.array(Numeric),
  scale: z.number(),
  zeroCount: Numeric,
  zeroThreshold: Numeric,
  positive: Buckets,
  negative: Buckets,
  quantiles: z.array(z.object({ quantile: Numeric, value: Numeric })),
  exemplars: z.array(
    z.object({ timeUnixNano: Nanos, value: Numeric.nullable(), traceId: z.string(), spanId: z.string(), attributes: Attributes }),
  ),
});
/** A stored Azure Monitor item, with its error. */
export const KeptItem = z.looseObject({ detail: z.unknown(), name: z.unknown(), data: z.unknown() });

export type KeptOrigin = z.infer<typeof Origin>;
export type KeptSpan = z.infer<typeof KeptSpan>;
export type KeptLog = z.infer<typeof KeptLog>;
export type KeptPoint = z.infer<typeof KeptPoint>;
