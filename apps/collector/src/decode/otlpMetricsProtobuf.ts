import { POINTS_MAX, requireAtMost } from "./malformedBody.ts";
import {
  emptyExemplar,
  emptyMetric,
  emptyMetricPoint,
  type MetricType,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpMetric,
  type OtlpMetricPoint,
  type OtlpQuantile,
} from "./otlpMetrics.ts";
import { attribute, emptyRecords, type Records, requestSchema } from "./otlpProtobuf.ts";
import {
  bool,
  child,
  double,
  doubles,
  enumeration,
  type Field,
  fixedInteger,
  fixedUnsigned,
  fixedUnsigneds,
  hex,
  nanos,
  readMessage,
  schema,
  text,
  uint32,
  unsigneds,
  zigzag,
} from "./protobufSchema.ts";

// The messages of opentelemetry-proto 1.11's metrics.proto, with the fields that we keep.

const EXEMPLAR = schema<OtlpExemplar>({
  2: nanos("timeUnixNano"),
  3: double("value"),
  4: hex("spanId"),
  5: hex("traceId"),
  6: fixedInteger("value"),
  7: attribute,
});

const exemplar = child<OtlpMetricPoint, OtlpExemplar>(
  () => EXEMPLAR,
  emptyExemplar,
  (point, filled) => point.exemplars.push(filled),
);

const NUMBER_POINT = schema<OtlpMetricPoint>({
  2: nanos("startTimeUnixNano"),
  3: nanos("timeUnixNano"),
  4: double("value"),
  5: exemplar,
  6: fixedInteger("value"),
  7: attribute,
  8: uint32("flags"),
});

const HISTOGRAM_POINT = schema<OtlpMetricPoint>({
  2: nanos("startTimeUnixNano"),
  3: nanos("timeUnixNano"),
  4: fixedUnsigned("count"),
  5: double("sum"),
  6: fixedUnsigneds("bucketCounts"),
  7: doubles("explicitBounds"),
  8: exemplar,
  9: attribute,
  10: uint32("flags"),
  11: double("min"),
  12: double("max"),
});

const BUCKETS = schema<OtlpBuckets>({ 1: zigzag("offset"), 2: unsigneds("counts") });

const EXPONENTIAL_HISTOGRAM_POINT = schema<OtlpMetricPoint>({
  1: attribute,
  2: nanos("startTimeUnixNano"),
  3: nanos("timeUnixNano"),
  4: fixedUnsigned("count"),
  5: double("sum"),
  6: zigzag("scale"),
  7: fixedUnsigned("zeroCount"),
  8: child(
    () => BUCKETS,
    ({ positive }) => positive,
  ),
  9: child(
    () => BUCKETS,
    ({ negative }) => negative,
  ),
  10: uint32("flags"),
  11: exemplar,
  12: double("min"),
  13: double("max"),
  14: double("zeroThreshold"),
});

const QUANTILE = schema<OtlpQuantile>({ 1: double("quantile"), 2: double("value") });

const SUMMARY_POINT = schema<OtlpMetricPoint>({
  2: nanos("startTimeUnixNano"),
  3: nanos("timeUnixNano"),
  4: fixedUnsigned("count"),
  5: double("sum"),
  6: child(
    () => QUANTILE,
    (): OtlpQuantile => ({ quantile: 0, value: 0 }),
    ({ quantiles }, filled) => quantiles.push(filled),
  ),
  7: attribute,
  8: uint32("flags"),
});

/** A metric of a request; its points go into the request's list. */
interface Metric extends Records<OtlpMetricPoint> {
  metric: OtlpMetric;
}

/** The data field of a metric: its points, then the properties that they share. */
function dataOf(type: MetricType, point: ReturnType<typeof schema<OtlpMetricPoint>>): Field<Metric> {
  const data = schema<Metric>({
    1: child(
      () => point,
      ({ origin, metric }) => emptyMetricPoint(origin, metric, type),
      ({ records }, filled) => requireAtMost(records.push(filled), POINTS_MAX, "data points in one request"),
    ),
    2: shared(enumeration("temporality")),
    3: shared(bool("isMonotonic")),
  });
  return child(
    () => data,
    (metric) => metric,
  );
}

/** A property shared by all points of a metric. */
function shared(field: Field<OtlpMetric>): Field<Metric> {
  return { wire: field.wire, read: (cursor, { metric }) => field.read(cursor, metric) };
}

const METRIC = schema<Metric>({
  1: shared(text("name")),
  2: shared(text("description")),
  3: shared(text("unit")),
  5: dataOf("gauge", NUMBER_POINT),
  7: dataOf("sum", NUMBER_POINT),
  9: dataOf("histogram", HISTOGRAM_POINT),
  10: dataOf("exponential_histogram", EXPONENTIAL_HISTOGRAM_POINT),
  11: dataOf("summary", SUMMARY_POINT),
});

const METRICS_REQUEST = requestSchema<OtlpMetricPoint>(
  child(
    () => METRIC,
    (request) => ({ ...request, metric: emptyMetric() }),
  ),
);

/** The data points of an ExportMetricsServiceRequest. Throws `MalformedBody`. */
export function metricPointsOfProtobuf(body: Buffer): OtlpMetricPoint[] {
  return readMessage(body, METRICS_REQUEST, emptyRecords<OtlpMetricPoint>([])).records;
}
