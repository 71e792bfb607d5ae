import { decodeLogRecords, type Encoding, type Fault, faultOfLogRecord, faultsOfTraces, tracesInProtobuf } from "../decode/index.ts";
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
  faultsOf: (body, encoding, receivedAtUs) => faultsOfTraces(tracesInProtobuf(body, encoding), receivedAtUs),
};

export const LOGS: Signal = {
  source: "otlp_logs",
  faultsOf: (body, encoding, receivedAtUs) => decodeLogRecords(body, encoding).map((record) => faultOfLogRecord(record, receivedAtUs)),
};
