import { encodeTraces } from "./encodeTraces.ts";
import type { OtlpLogRecord, OtlpSpan } from "./otlp.ts";
import { logRecordsOfJson, spansOfJson } from "./otlpJson.ts";
import type { OtlpMetricPoint } from "./otlpMetrics.ts";
import { metricPointsOfJson } from "./otlpMetricsJson.ts";
import { metricPointsOfProtobuf } from "./otlpMetricsProtobuf.ts";
import { logRecordsOfProtobuf, spansOfProtobuf } from "./otlpProtobuf.ts";

export * from "./azure/index.ts";
export * from "./encodeTraces.ts";
export * from "./faults.ts";
export { parseJson } from "./jsonBody.ts";
export * from "./langsmith/index.ts";
export { MalformedBody } from "./malformedBody.ts";
export * from "./otlp.ts";
export * from "./otlpMetrics.ts";
export * from "./plainBody.ts";
export { recordText } from "./recordText.ts";
export * from "./scan/index.ts";

/** Encodings of a request. */
export type Encoding = "protobuf" | "json";

/** The spans of an uncompressed traces request, checked for form only. Throws `MalformedBody`. */
export function decodeSpans(body: Buffer, encoding: Encoding): OtlpSpan[] {
  return encoding === "protobuf" ? spansOfProtobuf(body) : spansOfJson(body);
}

/** An uncompressed traces request in protobuf, the encoding that spans are read from. Throws `MalformedBody`. */
export function tracesInProtobuf(body: Buffer, encoding: Encoding): Buffer {
  return encoding === "protobuf" ? body : encodeTraces(spansOfJson(body));
}

/** The log records of an uncompressed logs request, checked for form only. Throws `MalformedBody`. */
export function decodeLogRecords(body: Buffer, encoding: Encoding): OtlpLogRecord[] {
  return encoding === "protobuf" ? logRecordsOfProtobuf(body) : logRecordsOfJson(body);
}

/** The data points of an uncompressed metrics request, checked for form only. Throws `MalformedBody`. */
export function decodeMetricPoints(body: Buffer, encoding: Encoding): OtlpMetricPoint[] {
  return encoding === "protobuf" ? metricPointsOfProtobuf(body) : metricPointsOfJson(body);
}
