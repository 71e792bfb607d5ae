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

/** The telemetry in a request, in one form for all protocols. */
export interface Telemetry {
  /** Its spans as an ExportTraceServiceRequest in protobuf; null if it has none. */
  traces: Buffer | null;
  /** The same spans decoded, for the few that are inspected one by one. */
  decodedSpans(): readonly OtlpSpan[];
  logRecords: readonly OtlpLogRecord[];
  metricPoints: readonly OtlpMetricPoint[];
  /** Its unreadable parts. */
  unreadable: readonly Unreadable[];
  /** Whether these are the records of a request, or were made from several. */
  fate: "journaled" | "made";
}

/** An unreadable part, with the reason. `refused` is null if the sender was told and the loss is counted. */
export interface Unreadable {
  reason: string;
  text: string;
  refused: { word: RefusalWord; count: number } | null;
}

/**
 * Why an accepted record could not become a row: the word under which it is counted. The full sentence is stored with the rejected record.
 */
export type RefusalWord =
  | "undecodable"
  | "faulty"
  | "not_canonical"
  | "no_decision"
  | "nested_too_deep"
  | "incomplete_run"
  | "refused_by_store";

const NOTHING: Telemetry = { traces: null, decodedSpans: () => [], logRecords: [], metricPoints: [], unreadable: [], fate: "journaled" };

/** The telemetry of spans decoded from another protocol, and of what came with them. */
function telemetryOfSpans(spans: readonly OtlpSpan[], rest: Partial<Telemetry> = {}): Telemetry {
  return { ...NOTHING, ...rest, traces: spans.length === 0 ? null : encodeTraces(spans), decodedSpans: () => spans };
}

/**
 * The telemetry in a journalled request, redacted where its project has rules; always the same for the same request. Throws `MalformedBody`
 * if its body cannot be read.
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
      return NOTHING; // Its runs are assembled with those of other requests: `telemetryOfRuns`.
  }
}

/**
 * Spans of LangSmith's OpenTelemetry path, with those that name their runs under the ids of these runs; null if none does. This comes
 * before redaction, so that a redacted run name changes no id, and so that both reports of a run are sampled alike. A span that its sender
 * was told is faulty, or that would become faulty, is left unchanged.
 */
function identified({ source, encoding, receivedAtUs }: JournalRecord, plain: Buffer): Telemetry | null {
  if (source !== "langsmith_otel" || !plain.includes(RUN_ID_KEY)) return null;
  const spans = decodeSpans(plain, encoding);
  const named = spans.map(identifiedSpan);
  const isFaulty = [spans, named].map((some) => faultsOfTraces(encodeTraces(some), receivedAtUs).map((fault) => fault !== null));
  return telemetryOfSpans(spans.map((span, place) => (isFaulty.some((faulty) => faulty[place]) ? span : (named[place] ?? span))));
}

/** The telemetry of assembled runs, redacted again: some of their parts may have been stored before their project had rules. */
export function telemetryOfRuns({ record, spans, ...rest }: AssembledRuns, redactor: Redactor | null): Telemetry {
  const telemetry = telemetryOfSpans(spans, rest);
  return redactor === null ? telemetry : redacted(telemetry, redactor, record.receivedAtUs);
}

/**
 * Redacts telemetry. A span that cannot be stored stays unchanged in `traces`, so that it keeps the fault that its sender was told; the
 * decoded spans are redacted all the same.
 */
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
