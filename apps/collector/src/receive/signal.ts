import {
  decodeLangSmith,
  decodeLogRecords,
  decodeMetricPoints,
  type Encoding,
  type Fault,
  faultOfLogRecord,
  faultOfMetricPoint,
  faultsOfTraces,
  type LangSmithForm,
  tracesInProtobuf,
} from "../decode/index.ts";
import type { RecordKind } from "../journal/index.ts";

/**
 * One kind of telemetry: how the journal calls it, and what is wrong with each record of a request (null for a good one). `faultsOf`
 * throws `MalformedBody`.
 */
export interface Signal {
  kind: RecordKind;
  faultsOf(body: Buffer, encoding: Encoding, receivedAtUs: number): (Fault | null)[];
}

export const TRACES: Signal = {
  kind: "otlp_traces",
  faultsOf: (body, encoding, receivedAtUs) => faultsOfTraces(tracesInProtobuf(body, encoding), receivedAtUs),
};

export const LOGS: Signal = {
  kind: "otlp_logs",
  faultsOf: (body, encoding, receivedAtUs) => decodeLogRecords(body, encoding).map((record) => faultOfLogRecord(record, receivedAtUs)),
};

export const METRICS: Signal = {
  kind: "otlp_metrics",
  faultsOf: (body, encoding, receivedAtUs) => decodeMetricPoints(body, encoding).map((point) => faultOfMetricPoint(point, receivedAtUs)),
};

/** Runs of LangSmith clients. A run may be told in several records: each operation on it counts as one. */
export const RUNS: Readonly<Record<LangSmithForm, Signal>> = {
  multipart: { kind: "langsmith_multipart", faultsOf: (body) => faultsOfRuns(body, "multipart") },
  batch: { kind: "langsmith_batch", faultsOf: (body) => faultsOfRuns(body, "batch") },
};

function faultsOfRuns(body: Buffer, form: LangSmithForm): (Fault | null)[] {
  const { operations, feedback, unreadable } = decodeLangSmith(body, form);
  return [...[...operations, ...feedback].map(() => null), ...unreadable.map((): Fault => "unreadable_part")];
}
