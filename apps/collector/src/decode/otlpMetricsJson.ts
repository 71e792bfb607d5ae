import type { JsonObject } from "./jsonBody.ts";
import {
  booleanOf,
  doubleOf,
  enumerationOf,
  hexOf,
  int32Of,
  integerOf,
  isSet,
  listOf,
  nanosOf,
  objectOf,
  textOf,
  toDouble,
  toUnsigned,
  unsignedOf,
  valuesOf,
} from "./jsonFields.ts";
import { POINTS_MAX, requireAtMost } from "./malformedBody.ts";
import type { Origin } from "./otlp.ts";
import { attributesOf, recordsOf } from "./otlpJson.ts";
import {
  emptyMetricPoint,
  type MetricNumber,
  type MetricType,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpMetric,
  type OtlpMetricPoint,
} from "./otlpMetrics.ts";

const TEMPORALITIES = new Map([
  ["AGGREGATION_TEMPORALITY_DELTA", 1],
  ["AGGREGATION_TEMPORALITY_CUMULATIVE", 2],
]);

/** The JSON key of each type's data, and the reader of the fields that only points of this type have. */
const DATA: readonly [key: string, type: MetricType, ofType: (from: JsonObject) => Partial<OtlpMetricPoint>][] = [
  ["gauge", "gauge", numberOf],
  ["sum", "sum", numberOf],
  ["histogram", "histogram", histogramOf],
  ["exponentialHistogram", "exponential_histogram", exponentialHistogramOf],
  ["summary", "summary", summaryOf],
];

/** The data points of an ExportMetricsServiceRequest in OTLP's JSON mapping. Throws `MalformedBody`. */
export function metricPointsOfJson(body: Buffer): OtlpMetricPoint[] {
  const points: OtlpMetricPoint[] = [];
  recordsOf(body, "resourceMetrics", "scopeMetrics", "metrics", (metric: JsonObject, origin) => readMetric(metric, origin, points), listOf);
  return points;
}

/** Appends a metric's points to `into`. */
function readMetric(from: JsonObject, origin: Origin, into: OtlpMetricPoint[]): void {
  for (const [key, type, ofType] of DATA) {
    if (!isSet(from, key)) continue;
    const data = objectOf(from, key);
    const metric: OtlpMetric = {
      name: textOf(from, "name"),
      description: textOf(from, "description"),
      unit: textOf(from, "unit"),
      temporality: enumerationOf(data, "aggregationTemporality", TEMPORALITIES),
      isMonotonic: booleanOf(data, "isMonotonic"),
    };
    const points = listOf(data, "dataPoints");
    requireAtMost(into.length + points.length, POINTS_MAX, "data points in one request");
    for (const point of points)
      into.push({
        ...emptyMetricPoint(origin, metric, type),
        attributes: attributesOf(point),
        startTimeUnixNano: nanosOf(point, "startTimeUnixNano"),
        timeUnixNano: nanosOf(point, "timeUnixNano"),
        flags: Number(unsignedOf(point, "flags")),
        exemplars: listOf(point, "exemplars").map(exemplarOf),
        ...ofType(point),
      });
  }
}

function numberOf(from: JsonObject): Partial<OtlpMetricPoint> {
  return { value: measurementOf(from) };
}

function histogramOf(from: JsonObject): Partial<OtlpMetricPoint> {
  return {
    ...distributionOf(from),
    bucketCounts: valuesOf(from, "bucketCounts", toUnsigned),
    explicitBounds: valuesOf(from, "explicitBounds", toDouble),
  };
}

function exponentialHistogramOf(from: JsonObject): Partial<OtlpMetricPoint> {
  return {
    ...distributionOf(from),
    scale: int32Of(from, "scale"),
    zeroCount: unsignedOf(from, "zeroCount"),
    zeroThreshold: doubleOf(from, "zeroThreshold"),
    positive: bucketsOf(objectOf(from, "positive")),
    negative: bucketsOf(objectOf(from, "negative")),
  };
}

function summaryOf(from: JsonObject): Partial<OtlpMetricPoint> {
  return {
    count: unsignedOf(from, "count"),
    sum: optionalDoubleOf(from, "sum"),
    quantiles: listOf(from, "quantileValues").map((at) => ({ quantile: doubleOf(at, "quantile"), value: doubleOf(at, "value") })),
  };
}

function distributionOf(from: JsonObject): Partial<OtlpMetricPoint> {
  const [sum, min, max] = ["sum", "min", "max"].map((key) => optionalDoubleOf(from, key));
  return { count: unsignedOf(from, "count"), sum: sum ?? null, min: min ?? null, max: max ?? null };
}

function bucketsOf(from: JsonObject): OtlpBuckets {
  return { offset: int32Of(from, "offset"), counts: valuesOf(from, "bucketCounts", toUnsigned) };
}

function exemplarOf(from: JsonObject): OtlpExemplar {
  return {
    timeUnixNano: nanosOf(from, "timeUnixNano"),
    value: measurementOf(from),
    traceId: hexOf(from, "traceId"),
    spanId: hexOf(from, "spanId"),
    attributes: attributesOf(from, "filteredAttributes"),
  };
}

function measurementOf(from: JsonObject): MetricNumber | null {
  if (isSet(from, "asInt")) return integerOf(from, "asInt");
  return optionalDoubleOf(from, "asDouble");
}

function optionalDoubleOf(from: JsonObject, key: string): MetricNumber | null {
  return isSet(from, key) ? doubleOf(from, key) : null;
}
