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
import { type CheckedTrack, checkTrack } from "./azure/checkTrack.ts";

/**
 * The result of checking a request: how many records it has, how many of them will not be stored and why; and for Application Insights, the
 * result of each item.
 */
export interface Checked {
  received: number;
  rejected: ReadonlyMap<Fault, number>;
  track: CheckedTrack | null;
}

/** One kind of telemetry: its kind in the journal, and its check of an uncompressed request. `check` throws `MalformedBody`. */
export interface Signal {
  kind: RecordKind;
  check(body: Buffer, encoding: Encoding, receivedAtUs: number): Checked;
}

export const TRACES: Signal = {
  kind: "otlp_traces",
  check: (body, encoding, receivedAtUs) => checkedOf(faultsOfTraces(tracesInProtobuf(body, encoding), receivedAtUs)),
};

export const LOGS: Signal = {
  kind: "otlp_logs",
  check: (body, encoding, receivedAtUs) =>
    checkedOf(decodeLogRecords(body, encoding).map((record) => faultOfLogRecord(record, receivedAtUs))),
};

export const METRICS: Signal = {
  kind: "otlp_metrics",
  check: (body, encoding, receivedAtUs) =>
    checkedOf(decodeMetricPoints(body, encoding).map((point) => faultOfMetricPoint(point, receivedAtUs))),
};

/** Application Insights' items. A metrics item counts as its data points, one that only describes the others as none. */
export const TRACK: Signal = {
  kind: "azure_track",
  check(body, _encoding, receivedAtUs) {
    const { faults, ...track } = checkTrack(body, receivedAtUs);
    return { ...checkedOf(faults), track };
  },
};

/** Runs of LangSmith clients. A run may arrive in several records: each operation on it counts as one. */
export const RUNS: Readonly<Record<LangSmithForm, Signal>> = {
  multipart: { kind: "langsmith_multipart", check: (body) => checkedOf(faultsOfRuns(body, "multipart")) },
  batch: { kind: "langsmith_batch", check: (body) => checkedOf(faultsOfRuns(body, "batch")) },
};

function faultsOfRuns(body: Buffer, form: LangSmithForm): (Fault | null)[] {
  const { operations, feedback, unreadable } = decodeLangSmith(body, form);
  return [...[...operations, ...feedback].map(() => null), ...unreadable.map((): Fault => "unreadable_part")];
}

function checkedOf(faults: readonly (Fault | null)[]): Checked {
  const rejected = new Map<Fault, number>();
  for (const fault of faults) if (fault !== null) rejected.set(fault, (rejected.get(fault) ?? 0) + 1);
  return { received: faults.length, rejected, track: null };
}

/** Every signal. */
export const SIGNALS: readonly Signal[] = [TRACES, LOGS, METRICS, TRACK, RUNS.multipart, RUNS.batch];
