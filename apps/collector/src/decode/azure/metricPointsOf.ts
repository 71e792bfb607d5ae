import { doubleOf, isSet, listOf, textOf, unsignedOf } from "../jsonFields.ts";
import { requireAtMost } from "../malformedBody.ts";
import type { Origin } from "../otlp.ts";
import { emptyMetric, emptyMetricPoint, type OtlpMetricPoint } from "../otlpMetrics.ts";
import { attributesOf, type Envelope } from "./envelopes.ts";

const DELTA = 1;

const METRICS_MAX = 10_000;

/** The data points of an item: a histogram without buckets if it has a count of measurements, else a gauge. Throws `MalformedBody`. */
export function metricPointsOf({ timeUnixNano, baseData }: Envelope, origin: Origin): OtlpMetricPoint[] {
  const attributes = attributesOf(baseData);
  const metrics = listOf(baseData, "metrics");
  requireAtMost(metrics.length, METRICS_MAX, "metrics in one item");
  return metrics.map((from) => {
    const metric = { ...emptyMetric(), name: textOf(from, "name") };
    const value = doubleOf(from, "value");
    if (!isSet(from, "count")) return { ...emptyMetricPoint(origin, metric, "gauge"), timeUnixNano, attributes, value };
    return {
      ...emptyMetricPoint(origin, { ...metric, temporality: DELTA }, "histogram"),
      timeUnixNano,
      attributes,
      count: unsignedOf(from, "count"),
      sum: value,
      min: isSet(from, "min") ? doubleOf(from, "min") : null,
      max: isSet(from, "max") ? doubleOf(from, "max") : null,
    };
  });
}
