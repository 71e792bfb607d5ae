import type { JsonObject } from "../jsonBody.ts";
import { listOf, scalarOf, textOf } from "../jsonFields.ts";
import { type Attributes, emptyLogRecord, type Origin, type OtlpLogRecord } from "../otlp.ts";
import { attributesOf, type Envelope } from "./envelopes.ts";
import { operationOf } from "./spanOf.ts";

/** Application Insights' levels, in their order. */
const SEVERITIES = ["Verbose", "Information", "Warning", "Error", "Critical"];

/** The exporter drops the name of an event and keeps its attributes, which tell an evaluation all the same. */
const EVALUATION = { attribute: "gen_ai.evaluation.name", event: "gen_ai.evaluation.result" } as const;

/** A message, an event or an exception as a log record: a span's events come as these too. Throws `MalformedBody`. */
export function logRecordOf(envelope: Envelope, origin: Origin): OtlpLogRecord {
  const { timeUnixNano, tags, baseType, baseData } = envelope;
  const { traceId, parentSpanId } = operationOf(tags);
  const attributes = attributesOf(baseData);
  const record: OtlpLogRecord = {
    ...emptyLogRecord(origin),
    traceId,
    spanId: parentSpanId,
    timeUnixNano,
    severity: severityOf(baseData),
    attributes,
  };
  if (baseType === "EventData") return { ...record, eventName: textOf(baseData, "name") };
  if (baseType === "ExceptionData") return { ...record, ...exceptionOf(baseData, attributes) };
  const eventName = attributes.has(EVALUATION.attribute) ? EVALUATION.event : "";
  return { ...record, eventName, body: textOf(baseData, "message") };
}

/** The outermost exception in OpenTelemetry's words. */
function exceptionOf(baseData: JsonObject, attributes: Attributes): Partial<OtlpLogRecord> {
  const [exception = {}] = listOf(baseData, "exceptions");
  attributes.set("exception.type", textOf(exception, "typeName"));
  attributes.set("exception.message", textOf(exception, "message"));
  attributes.set("exception.stacktrace", textOf(exception, "stack"));
  return { eventName: "exception", body: textOf(exception, "message") };
}

function severityOf(baseData: JsonObject): string {
  const level = scalarOf(baseData, "severityLevel") ?? "";
  return typeof level === "number" ? (SEVERITIES[level] ?? "") : String(level);
}
