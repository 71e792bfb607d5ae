import { decisionRow, logRow, rejectedRow, scoreRow, spanRow, type TelemetryRow } from "@signalbox/db/clickhouse";
import type { AssembledRuns } from "../assemble/index.ts";
import {
  decodeLogRecords,
  decodeSpans,
  FAULTS,
  type Fault,
  faultOfLogRecord,
  faultOfSpan,
  type OtlpLogRecord,
  type OtlpSpan,
  plainBody,
} from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { normaliseLogRecord, normaliseSpan, scoresOfSpan } from "../normalise/index.ts";

/**
 * The rows of a journalled request, in an order that is always the same. What cannot become a row of its own becomes one of `rejected`;
 * never throws.
 */
export function* rowsOfRecord(request: JournalRecord): Generator<TelemetryRow> {
  switch (request.source) {
    case "otlp_traces":
      yield* rowsOf(request, decodeSpans, faultOfSpan, rowsOfSpan);
      break;
    case "otlp_logs":
      yield* rowsOf(request, decodeLogRecords, faultOfLogRecord, rowsOfLogRecord);
      break;
    case "langsmith_multipart":
    case "langsmith_batch":
      break; // Its runs are put together with those of other requests: `rowsOfRuns`.
  }
}

/** The rows of runs that were put together, in an order that is always the same; never throws. */
export function* rowsOfRuns({ record, spans, logRecords, unreadable }: AssembledRuns): Generator<TelemetryRow> {
  for (const part of unreadable) yield rejectedOf(record, part.reason, part.record);
  yield* rowsOf(record, () => logRecords, faultOfLogRecord, rowsOfLogRecord);
  yield* rowsOf(record, () => spans, faultOfSpan, rowsOfSpan);
}

function* rowsOf<R>(
  request: JournalRecord,
  decode: (body: Buffer, encoding: JournalRecord["encoding"]) => R[],
  faultOf: (record: R, receivedAtUs: number) => Fault | null,
  rows: (record: R, request: JournalRecord) => TelemetryRow[],
): Generator<TelemetryRow> {
  let records: R[];
  try {
    records = decode(plainBody(request.body, request.compression), request.encoding);
  } catch (error) {
    yield rejectedOf(request, `the request cannot be decoded any more: ${(error as Error).message}`, request.body.toString("base64"));
    return;
  }
  for (const record of records) {
    const fault = faultOf(record, request.receivedAtUs);
    if (fault !== null) yield rejectedOf(request, FAULTS[fault], jsonOf(record));
    else yield* rowsOrRejected(record, request, rows);
  }
}

/** A record that our own code fails on must not keep those behind it from the store. */
function rowsOrRejected<R>(record: R, request: JournalRecord, rows: (record: R, request: JournalRecord) => TelemetryRow[]): TelemetryRow[] {
  try {
    return rows(record, request);
  } catch (error) {
    return [rejectedOf(request, `it cannot be brought into the canonical model: ${(error as Error).message}`, jsonOf(record))];
  }
}

function rowsOfSpan(span: OtlpSpan, { project, receivedAtUs }: JournalRecord): TelemetryRow[] {
  return [spanRow(normaliseSpan(span, project), receivedAtUs), ...scoresOfSpan(span, project).map(scoreRow)];
}

function rowsOfLogRecord(record: OtlpLogRecord, request: JournalRecord): TelemetryRow[] {
  const { project, receivedAtUs } = request;
  const normalised = normaliseLogRecord(record, project, receivedAtUs);
  switch (normalised.kind) {
    case "decision":
      return [decisionRow(project, normalised.decision, normalised.text, receivedAtUs)];
    case "score":
      return [scoreRow(normalised.score)];
    case "log":
      return [logRow(normalised.log, receivedAtUs)];
    case "unreadable":
      return [rejectedOf(request, normalised.reason, jsonOf(record))];
  }
}

function rejectedOf({ project, source, receivedAtUs }: JournalRecord, reason: string, record: string): TelemetryRow {
  return rejectedRow({ project, source, reason, record }, receivedAtUs);
}

/**
 * A decoded record as JSON: times as decimal text, attributes as an object. Empty where it is too long or nested too deep to be one text.
 */
function jsonOf(record: unknown): string {
  try {
    return JSON.stringify(record, (_key, value: unknown) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Map ? Object.fromEntries(value) : value;
    });
  } catch {
    return "";
  }
}
