import { KEYS, type MetricPoint } from "@signalbox/model";
import type { OtlpMetricPoint } from "../decode/index.ts";
import { textAt, textsBut } from "./readAttributes.ts";

const TEMPORALITIES = ["unspecified", "delta", "cumulative"] as const;

/** Converts a data point to the canonical model. Pure. The point must have passed `faultOfMetricPoint`. */
export function normaliseMetricPoint(point: OtlpMetricPoint, project: string): MetricPoint {
  const { origin, metric, type, value, count, sum, min, max, bucketCounts, explicitBounds } = point;
  const { scale, zeroCount, zeroThreshold, positive, negative, quantiles } = point;
  return {
    project,
    metric: metric.name,
    type,
    unit: metric.unit,
    description: metric.description,
    temporality: TEMPORALITIES[metric.temporality] ?? "unspecified",
    isMonotonic: metric.isMonotonic,
    service: textAt(origin.resource, [KEYS.serviceName]) ?? "",
    scope: origin.scope,
    attributes: textsBut(point.attributes),
    resourceAttributes: textsBut(origin.resource),
    startTimeUnixNano: String(point.startTimeUnixNano),
    timeUnixNano: String(point.timeUnixNano),
    value,
    ...{ count, sum, min, max, bucketCounts, explicitBounds },
    ...{ scale, zeroCount, zeroThreshold, positive, negative, quantiles },
    exemplars: point.exemplars.map((exemplar) => ({
      timeUnixNano: String(exemplar.timeUnixNano),
      value: exemplar.value,
      traceId: exemplar.traceId,
      spanId: exemplar.spanId,
      attributes: textsBut(exemplar.attributes),
    })),
  };
}
