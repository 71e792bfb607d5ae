import {
  decodeLangSmith,
  decodeLogRecords,
  decodeSpans,
  type Encoding,
  type Fault,
  faultOfLogRecord,
  faultOfSpan,
  type LangSmithForm,
} from "../decode/index.ts";
import type { Source } from "../journal/index.ts";

/**
 * One kind of telemetry: how the journal calls it, and what is wrong with each record of a request (null for a good one). `faultsOf`
 * throws `MalformedBody`.
 */
export interface Signal {
  source: Source;
  faultsOf(body: Buffer, encoding: Encoding, receivedAtUs: number): (Fault | null)[];
}

export const TRACES: Signal = {
  source: "otlp_traces",
  faultsOf: (body, encoding, receivedAtUs) => decodeSpans(body, encoding).map((span) => faultOfSpan(span, receivedAtUs)),
};

export const LOGS: Signal = {
  source: "otlp_logs",
  faultsOf: (body, encoding, receivedAtUs) => decodeLogRecords(body, encoding).map((record) => faultOfLogRecord(record, receivedAtUs)),
};

/** Runs of LangSmith clients. A run may be told in several records: each operation on it counts as one. */
export const RUNS: Readonly<Record<LangSmithForm, Signal>> = {
  multipart: { source: "langsmith_multipart", faultsOf: (body) => faultsOfRuns(body, "multipart") },
  batch: { source: "langsmith_batch", faultsOf: (body) => faultsOfRuns(body, "batch") },
};

function faultsOfRuns(body: Buffer, form: LangSmithForm): (Fault | null)[] {
  const { operations, feedback, unreadable } = decodeLangSmith(body, form);
  return [...[...operations, ...feedback].map(() => null), ...unreadable.map((): Fault => "unreadable_part")];
}
