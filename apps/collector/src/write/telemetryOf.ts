import type { Redactor } from "@signalbox/model";
import type { AssembledRuns } from "../assemble/index.ts";
import {
  decodeLogRecords,
  decodeMetricPoints,
  decodeSpans,
  decodeTrack,
  encodeTraces,
  FAULTS,
  faultsOfTraces,
  identifiedSpan,
  type OtlpLogRecord,
  type OtlpMetricPoint,
  type OtlpSpan,
  plainBody,
  RUN_ID_KEY,
  recordText,
  tracesInProtobuf,
} from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { RecordRedactor } from "../rules/index.ts";

/** What a request carries, in one form whoever sent it. */
export interface Telemetry {
  /** Its spans as an ExportTraceServiceRequest in protobuf; null where it carries none. */
  traces: Buffer | null;
  /** The same spans decoded, for the few that are looked at one by one. */
  decodedSpans(): readonly OtlpSpan[];
  logRecords: readonly OtlpLogRecord[];
  metricPoints: readonly OtlpMetricPoint[];
  /** What cannot be read. */
  unreadable: readonly Unreadable[];
  /** Whether these are the records of a request, or were made of several. */
  fate: "journaled" | "made";
}

/** What cannot be read, and why. `refused` is null where the sender was told, and what was lost by it is counted. */
export interface Unreadable {
  reason: string;
  text: string;
  refused: { word: RefusalWord; count: number } | null;
}

/** Why something that was accepted could not become a row: what it is counted by. Its sentence is among the rejected records. */
export type RefusalWord =
  | "undecodable"
  | "faulty"
  | "not_canonical"
  | "no_decision"
  | "nested_too_deep"
  | "incomplete_run"
  | "refused_by_store";

const NOTHING: Telemetry = { traces: null, decodedSpans: () => [], logRecords: [], metricPoints: [], unreadable: [], fate: "journaled" };

/** Spans that were decoded from another protocol, and what came with them. */
function telemetryOfSpans(spans: readonly OtlpSpan[], rest: Partial<Telemetry> = {}): Telemetry {
  return { ...NOTHING, ...rest, traces: spans.length === 0 ? null : encodeTraces(spans), decodedSpans: () => spans };
}

/**
 * What a journalled request carries, redacted where its project has rules;
 * the same every time. Throws `MalformedBody` where its body cannot be read.
 */
export function telemetryOf(request: JournalRecord, redactor: Redactor | null): Telemetry {
  const telemetry = telemetryAsItCame(request);
  return redactor === null ? telemetry : redacted(telemetry, redactor, request.receivedAtUs);
}

function telemetryAsItCame(request: JournalRecord): Telemetry {
  const { kind, body, compression, encoding } = request;
  const plain = plainBody(body, compression);
  switch (kind) {
    case "otlp_traces":
      return (
        identified(request, plain) ?? {
          ...NOTHING,
          traces: tracesInProtobuf(plain, encoding),
          decodedSpans: () => decodeSpans(plain, encoding),
        }
      );
    case "otlp_logs":
      return { ...NOTHING, logRecords: decodeLogRecords(plain, encoding) };
    case "otlp_metrics":
      return { ...NOTHING, metricPoints: decodeMetricPoints(plain, encoding) };
    case "azure_track":
      return telemetryOfTrack(plain);
    case "langsmith_multipart":
    case "langsmith_batch":
    case "tally":
      return NOTHING; // Its runs are put together with those of other requests: `telemetryOfRuns`.
  }
}

/**
 * Spans of LangSmith's OpenTelemetry path, of which some name their runs, under the ids of these; null where
 * none does. It comes before rules: what redaction makes of a name changes no id, and both tellings of a run are
 * sampled as one. A span that its sender was told is faulty, or that would be so by then, goes on as it came.
 */
function identified({ source, encoding, receivedAtUs }: JournalRecord, plain: Buffer): Telemetry | null {
  if (source !== "langsmith_otel" || !plain.includes(RUN_ID_KEY)) return null;
  const spans = decodeSpans(plain, encoding);
  const named = spans.map(identifiedSpan);
  const isFaulty = [spans, named].map((some) => faultsOfTraces(encodeTraces(some), receivedAtUs).map((fault) => fault !== null));
  return telemetryOfSpans(spans.map((span, place) => (isFaulty.some((faulty) => faulty[place]) ? span : (named[place] ?? span))));
}

/** What runs that were put together carry: some of their parts may have been kept before their project had rules. */
export function telemetryOfRuns({ record, spans, ...rest }: AssembledRuns, redactor: Redactor | null): Telemetry {
  const telemetry = telemetryOfSpans(spans, rest);
  return redactor === null ? telemetry : redacted(telemetry, redactor, record.receivedAtUs);
}

/** A span that cannot be stored goes on as it came, so that its fault stays what its sender was told; who looks at it gets it redacted. */
function redacted(telemetry: Telemetry, redactor: Redactor, receivedAtUs: number): Telemetry {
  const { traces, logRecords, metricPoints, unreadable } = telemetry;
  const records = new RecordRedactor(redactor);
  const spans = traces === null ? [] : telemetry.decodedSpans();
  const redactedSpans = spans.map(records.span);
  const faults = traces === null ? [] : faultsOfTraces(traces, receivedAtUs);
  return {
    ...telemetry,
    traces:
      traces === null ? null : encodeTraces(redactedSpans.map((span, place) => (faults[place] === null ? span : (spans[place] ?? span)))),
    decodedSpans: () => redactedSpans,
    logRecords: logRecords.map(records.logRecord),
    metricPoints: metricPoints.map(records.metricPoint),
    unreadable: unreadable.map((some) => ({ ...some, reason: redactor.text(some.reason), text: redactor.record(some.text) })),
  };
}

function telemetryOfTrack(body: Buffer): Telemetry {
  const records = decodeTrack(body);
  return telemetryOfSpans(
    records.flatMap((record) => (record.kind === "span" ? [record.span] : [])),
    {
      logRecords: records.flatMap((record) => (record.kind === "log" ? [record.log] : [])),
      metricPoints: records.flatMap((record) => (record.kind === "point" ? [record.point] : [])),
      unreadable: records.flatMap((record) =>
        record.kind === "refused"
          ? [{ reason: FAULTS[record.fault], text: recordText({ ...record.item, detail: record.detail }), refused: null }]
          : [],
      ),
    },
  );
}
