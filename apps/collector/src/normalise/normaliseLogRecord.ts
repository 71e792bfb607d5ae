import { DECISION_EVENT, KEYS, type LogRecord, type Score } from "@signalbox/model";
import { attributeText, type OtlpLogRecord, timeOfLogRecord } from "../decode/index.ts";
import { type ReadDecision, readDecision } from "./decision.ts";
import { EVALUATION_EVENT, readScore } from "./evaluation.ts";
import { isoOfNanos } from "./isoOfNanos.ts";
import { textAt, textsBut } from "./readAttributes.ts";

/** A log record by its content: a decision (or an unreadable one), a score, or a plain log record. */
export type NormalisedLog = ReadDecision | { kind: "score"; score: Score } | { kind: "log"; log: LogRecord };

/**
 * Converts a log record to the canonical model. Pure: the same record received at the same time (microseconds since 1970) gives the same
 * result. The record must have passed `faultOfLogRecord`. An evaluation that cannot be a score stays a log record.
 */
export function normaliseLogRecord(record: OtlpLogRecord, project: string, receivedAtUs: number): NormalisedLog {
  const eventName = record.eventName === "" ? (textAt(record.attributes, ["event.name"]) ?? "") : record.eventName;
  if (eventName === DECISION_EVENT) return readDecision(record.body);

  const time = timeOfLogRecord(record) || BigInt(receivedAtUs) * 1_000n;
  const service = textAt(record.origin.resource, [KEYS.serviceName]) ?? "";
  const traceId = withoutZeros(record.traceId);
  const spanId = withoutZeros(record.spanId);
  if (eventName === EVALUATION_EVENT && traceId !== "") {
    const judged = { project, traceId, spanId: spanId === "" ? null : spanId, scorer: service, time: isoOfNanos(time) };
    const score = readScore(record.attributes, judged);
    if (score !== null) return { kind: "score", score };
  }
  return {
    kind: "log",
    log: {
      project,
      timeUnixNano: String(time),
      traceId,
      spanId,
      service,
      eventName,
      severity: record.severity,
      body: record.body === null ? "" : attributeText(record.body),
      attributes: textsBut(record.attributes),
    },
  };
}

/** Treats an all-zero id as none: some senders write it in place of a missing one. */
function withoutZeros(id: string): string {
  return /^0*$/.test(id) ? "" : id;
}
