import type { Attributes, Origin } from "./otlp.ts";

/** A double or a 64-bit integer: text where JSON or a double cannot hold it. */
export type MetricNumber = number | string;

/** OTLP's types of metric. */
export type MetricType = "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";

/** The properties shared by all points of one metric. `temporality` is 0 unspecified, 1 delta, 2 cumulative. */
export interface OtlpMetric {
  name: string;
  description: string;
  unit: string;
  temporality: number;
  isMonotonic: boolean;
}

/** One half (positive or negative) of an exponential histogram: counts from bucket `offset` on. */
export interface OtlpBuckets {
  offset: number;
  counts: MetricNumber[];
}

/** A summary's value at one quantile (0 to 1). */
export interface OtlpQuantile {
  quantile: MetricNumber;
  value: MetricNumber;
}

/** A measurement that contributed to a point, and the span in which it was made. */
export interface OtlpExemplar {
  timeUnixNano: bigint;
  value: MetricNumber | null;
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/**
 * A data point of any metric type in OTLP's terms, unchecked: fields that a type lacks are 0, null or empty. `value` is for gauges and
 * sums; flag 1 means that there is none. A start that the sender left out is 0.
 */
export interface OtlpMetricPoint {
  origin: Origin;
  metric: OtlpMetric;
  type: MetricType;
  attributes: Attributes;
  startTimeUnixNano: bigint;
  timeUnixNano: bigint;
  flags: number;
  value: MetricNumber | null;
  count: MetricNumber;
  sum: MetricNumber | null;
  min: MetricNumber | null;
  max: MetricNumber | null;
  bucketCounts: MetricNumber[];
  explicitBounds: MetricNumber[];
  scale: number;
  zeroCount: MetricNumber;
  zeroThreshold: MetricNumber;
  positive: OtlpBuckets;
  negative: OtlpBuckets;
  quantiles: OtlpQuantile[];
  exemplars: OtlpExemplar[];
}

export function emptyMetric(): OtlpMetric {
  return { name: "", description: "", unit: "", temporality: 0, isMonotonic: false };
}

export function emptyMetricPoint(origin: Origin, metric: OtlpMetric, type: MetricType): OtlpMetricPoint {
  return {
    origin,
    metric,
    type,
    attributes: new Map(),
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    flags: 0,
    value: null,
    count: 0,
    sum: null,
    min: null,
    max: null,
    bucketCounts: [],
    explicitBounds: [],
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
    quantiles: [],
    exemplars: [],
  };
}

export function emptyExemplar(): OtlpExemplar {
  return { timeUnixNano: 0n, value: null, traceId: "", spanId: "", attributes: new Map() };
}
