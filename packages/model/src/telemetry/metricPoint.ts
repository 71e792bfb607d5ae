import { z } from "zod";

/** A double or an unsigned 64-bit integer, as a string where a JSON number cannot hold it. */
const Amount = z.union([z.number(), z.string()]);

const Buckets = z.strictObject({ offset: z.number(), counts: z.array(Amount) });

/**
 * One OTLP metric data point: a gauge, a sum, a histogram with bounds, an exponential histogram, or a
 * summary. Fields that its type lacks are 0, null or empty. Times are decimal nanoseconds since 1970;
 * a start of 0 is unknown. `exemplars` are sample measurements with the spans in which they were made.
 */
export const MetricPoint = z.strictObject({
  project: z.string(),
  metric: z.string(),
  type: z.enum(["gauge", "sum", "histogram", "exponential_histogram", "summary"]),
  unit: z.string(),
  description: z.string(),
  temporality: z.enum(["unspecified", "delta", "cumulative"]),
  isMonotonic: z.boolean(),
  service: z.string(),
  scope: z.string(),
  attributes: z.record(z.string(), z.string()),
  resourceAttributes: z.record(z.string(), z.string()),
  startTimeUnixNano: z.string(),
  timeUnixNano: z.string(),
  value: Amount.nullable(),
  count: Amount,
  sum: Amount.nullable(),
  min: Amount.nullable(),
  max: Amount.nullable(),
  bucketCounts: z.array(Amount),
  explicitBounds: z.array(Amount),
  scale: z.number(),
  zeroCount: Amount,
  zeroThreshold: Amount,
  positive: Buckets,
  negative: Buckets,
  quantiles: z.array(z.strictObject({ quantile: Amount, value: Amount })),
  exemplars: z.array(
    z.strictObject({
      timeUnixNano: z.string(),
      value: Amount.nullable(),
      traceId: z.string(),
      spanId: z.string(),
      attributes: z.record(z.string(), z.string()),
    }),
  ),
});
export type MetricPoint = z.infer<typeof MetricPoint>;
