import protobuf from "protobufjs/minimal.js";
import { FAULTS, type Fault } from "../decode/index.ts";

/** The JSON name of the count of rejected records in each signal's response. */
export type RejectedField = "rejectedSpans" | "rejectedLogRecords" | "rejectedDataPoints";

/** Counts of rejected records by fault. */
type Rejected = ReadonlyMap<Fault, number>;

/** An Export…ServiceResponse in JSON: empty for full success, else with the number of rejected records and the reasons. */
export function exportAnswerJson(field: RejectedField, rejected: Rejected): string {
  if (rejected.size === 0) return "{}";
  return JSON.stringify({ partialSuccess: { [field]: String(countOf(rejected)), errorMessage: reasonsOf(rejected) } });
}

/** An Export…ServiceResponse in protobuf, where the count is field 1 of every signal's partial success. */
export function exportAnswerProtobuf(rejected: Rejected): Uint8Array {
  if (rejected.size === 0) return new Uint8Array();
  const writer = protobuf.Writer.create().uint32(10).fork();
  return writer.uint32(8).int64(countOf(rejected)).uint32(18).string(reasonsOf(rejected)).ldelim().finish();
}

function countOf(rejected: Rejected): number {
  return [...rejected.values()].reduce((sum, some) => sum + some, 0);
}

function reasonsOf(rejected: Rejected): string {
  return [...rejected].map(([fault, some]) => `${some} rejected: ${FAULTS[fault]}`).join("; ");
}
