import { DECISION_EVENT, KEYS, type LogRecord, type Score } from "@signalbox/model";
import { attributeText, type OtlpLogRecord, timeOfLogRecord } from "../decode/index.ts";
import { type ReadDecision, readDecision } from "./decision.ts";
import { EVALUATION_EVENT, readScore } from "./evaluation.ts";
import { isoOfNanos } from "./isoOfNanos.ts";
import { textAt, textsBut } from "./readAttributes.ts";

/** What a log record turned out to be. */
export type NormalisedLog = ReadDecision | { kind: "score"; score: Score } | { kind: "log"; log: LogRecord };

/**
 * A log record in the canonical model. Pure: the same record received at the same time (microseconds since 1970) gives the same result.
 * The record must have passed `faultOfLogRecord`. An evaluation that cannot be a score stays a log record.
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

/** Some senders write the all-zero id where they have none. */
function withoutZeros(id: string): string {
  return /^0*$/.test(id) ? "" : id;
}
