import { type JsonObject, parseJson } from "./jsonBody.ts";
import { anyListOf, booleanOf, doubleOf, enumerationOf, hexOf, integerOf, isSet, listOf, nanosOf, objectOf, textOf } from "./jsonFields.ts";
import { MalformedBody, NESTING_MAX } from "./malformedBody.ts";
import {
  type Attributes,
  type AttributeValue,
  emptySpan,
  type Origin,
  type OtlpEvent,
  type OtlpLink,
  type OtlpLogRecord,
  type OtlpSpan,
} from "./otlp.ts";
import { recordText } from "./recordText.ts";

const STATUS_CODES = new Map([
  ["STATUS_CODE_OK", 1],
  ["STATUS_CODE_ERROR", 2],
]);

/**
 * The spans of an ExportTraceServiceRequest in OTLP's JSON mapping. Unknown fields are ignored; a span with a field of a wrong type becomes
 * one without ids, so that only it is refused. Throws `MalformedBody`.
 */
export function spansOfJson(body: Buffer): OtlpSpan[] {
  return recordsOf(body, "resourceSpans", "scopeSpans", "spans", readableSpanOf, anyListOf);
}

function readableSpanOf(from: unknown, origin: Origin): OtlpSpan {
  try {
    if (typeof from !== "object" || from === null || Array.isArray(from)) throw new MalformedBody("it is no object");
    return spanOf(from as JsonObject, origin);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return { ...emptySpan(origin), statusMessage: error.message, attributes: new Map([["original", recordText(from)]]) };
  }
}

/** The log records of an ExportLogsServiceRequest in OTLP's JSON mapping. Throws `MalformedBody`. */
export function logRecordsOfJson(body: Buffer): OtlpLogRecord[] {
  return recordsOf(body, "resourceLogs", "scopeLogs", "logRecords", logRecordOf, listOf);
}

/** The records of a request, each with its origin. Throws `MalformedBody`. */
export function recordsOf<R, F>(
  body: Buffer,
  resources: string,
  scopes: string,
  records: string,
  recordOf: (from: F, origin: Origin) => R,
  listRecords: (from: JsonObject, key: string) => readonly F[],
): R[] {
  return listOf(parseJson(body), resources).flatMap((fromResource) => {
    const resource = attributesOf(objectOf(fromResource, "resource"));
    return listOf(fromResource, scopes).flatMap((fromScope) => {
      const origin = { resource, scope: textOf(objectOf(fromScope, "scope"), "name") };
      return listRecords(fromScope, records).map((record) => recordOf(record, origin));
    });
  });
}

function spanOf(from: JsonObject, origin: Origin): OtlpSpan {
  const status = objectOf(from, "status");
  return {
    origin,
    traceId: hexOf(from, "traceId"),
    spanId: hexOf(from, "spanId"),
    parentSpanId: hexOf(from, "parentSpanId"),
    name: textOf(from, "name"),
    startTimeUnixNano: nanosOf(from, "startTimeUnixNano"),
    endTimeUnixNano: nanosOf(from, "endTimeUnixNano"),
    attributes: attributesOf(from),
    events: listOf(from, "events").map(eventOf),
    links: listOf(from, "links").map(linkOf),
    statusCode: enumerationOf(status, "code", STATUS_CODES),
    statusMessage: textOf(status, "message"),
  };
}

function eventOf(from: JsonObject): OtlpEvent {
  return { name: textOf(from, "name"), timeUnixNano: nanosOf(from, "timeUnixNano"), attributes: attributesOf(from) };
}

function linkOf(from: JsonObject): OtlpLink {
  return { traceId: hexOf(from, "traceId"), spanId: hexOf(from, "spanId"), attributes: attributesOf(from) };
}

function logRecordOf(from: JsonObject, origin: Origin): OtlpLogRecord {
  return {
    origin,
    traceId: hexOf(from, "traceId"),
    spanId: hexOf(from, "spanId"),
    eventName: textOf(from, "eventName"),
    severity: textOf(from, "severityText"),
    timeUnixNano: nanosOf(from, "timeUnixNano"),
    observedTimeUnixNano: nanosOf(from, "observedTimeUnixNano"),
    body: anyValueOf(objectOf(from, "body"), 0),
    attributes: attributesOf(from),
  };
}

export function attributesOf(from: JsonObject, key = "attributes"): Attributes {
  return new Map(listOf(from, key).map((pair) => [textOf(pair, "key"), anyValueOf(objectOf(pair, "value"), 0)]));
}

function anyValueOf(from: JsonObject, depth: number): AttributeValue {
  if (depth > NESTING_MAX) throw new MalformedBody("attribute values nest too deep");
  if (isSet(from, "stringValue")) return textOf(from, "stringValue");
  if (isSet(from, "intValue")) return integerOf(from, "intValue");
  if (isSet(from, "boolValue")) return booleanOf(from, "boolValue");
  if (isSet(from, "doubleValue")) return doubleOf(from, "doubleValue");
  if (isSet(from, "bytesValue")) return textOf(from, "bytesValue");
  if (isSet(from, "arrayValue")) return listOf(objectOf(from, "arrayValue"), "values").map((value) => anyValueOf(value, depth + 1));
  if (isSet(from, "kvlistValue")) return structOf(objectOf(from, "kvlistValue"), depth + 1);
  return null;
}

function structOf(from: JsonObject, depth: number): AttributeValue {
  const struct = Object.create(null) as { [key: string]: AttributeValue };
  for (const pair of listOf(from, "values")) struct[textOf(pair, "key")] = anyValueOf(objectOf(pair, "value"), depth);
  return struct;
}
