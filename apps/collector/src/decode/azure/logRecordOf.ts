import type { JsonObject } from "../jsonBody.ts";
import { listOf, scalarOf, textOf } from "../jsonFields.ts";
import { type Attributes, emptyLogRecord, type Origin, type OtlpLogRecord } from "../otlp.ts";
import { attributesOf, type Envelope } from "./envelopes.ts";
import { operationOf } from "./spanOf.ts";

/** Application Insights' severity levels, in ascending order. */
const SEVERITIES = ["Verbose", "Information", "Warning", "Error", "Critical"];

/** The exporter drops an event's name but keeps its attributes; this one identifies an evaluation. */
const EVALUATION = { attribute: "gen_ai.evaluation.name", event: "gen_ai.evaluation.result" } as const;

/** A message, an event or an exception as a log record; a span's events arrive like this too. Throws `MalformedBody`. */
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

/** The outermost exception in OpenTelemetry's terms. */
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
