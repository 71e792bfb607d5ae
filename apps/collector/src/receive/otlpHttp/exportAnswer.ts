import protobuf from "protobufjs/minimal.js";
import { type Encoding, FAULTS, type Fault } from "../../decode/index.ts";

/** What JSON calls the count of rejected records in a signal's response. */
export type RejectedField = "rejectedSpans" | "rejectedLogRecords";

/** The body of an Export…ServiceResponse: empty for full success, else how many records were rejected and why. */
export function exportAnswer(encoding: Encoding, field: RejectedField, rejected: ReadonlyMap<Fault, number>): Uint8Array | string {
  const count = [...rejected.values()].reduce((sum, some) => sum + some, 0);
  if (count === 0) return encoding === "json" ? "{}" : new Uint8Array();
  const message = [...rejected].map(([fault, some]) => `${some} rejected: ${FAULTS[fault]}`).join("; ");
  if (encoding === "json") return JSON.stringify({ partialSuccess: { [field]: String(count), errorMessage: message } });
  return protobuf.Writer.create().uint32(10).fork().uint32(8).int64(count).uint32(18).string(message).ldelim().finish();
}
