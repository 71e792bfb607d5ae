import type { OtlpLogRecord, OtlpSpan } from "./otlp.ts";
import { logRecordsOfJson, spansOfJson } from "./otlpJson.ts";
import { logRecordsOfProtobuf, spansOfProtobuf } from "./otlpProtobuf.ts";

export * from "./faults.ts";
export { parseJson } from "./jsonBody.ts";
export * from "./langsmith/index.ts";
export { MalformedBody } from "./malformedBody.ts";
export * from "./otlp.ts";
export * from "./plainBody.ts";

/** How a request is written. */
export type Encoding = "protobuf" | "json";

/** The spans of an uncompressed traces request, checked for nothing but their form. Throws `MalformedBody`. */
export function decodeSpans(body: Buffer, encoding: Encoding): OtlpSpan[] {
  return encoding === "protobuf" ? spansOfProtobuf(body) : spansOfJson(body);
}

/** The log records of an uncompressed logs request, checked for nothing but their form. Throws `MalformedBody`. */
export function decodeLogRecords(body: Buffer, encoding: Encoding): OtlpLogRecord[] {
  return encoding === "protobuf" ? logRecordsOfProtobuf(body) : logRecordsOfJson(body);
}
