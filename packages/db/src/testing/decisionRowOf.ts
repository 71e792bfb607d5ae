import type { Decision } from "@signalbox/model";

const EPOCH_MS = Date.UTC(2000, 0, 1);

const int16 = (number: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(number);
  return bytes;
};
const int32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
};
const int64 = (number: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(number);
  return bytes;
};
const float8 = (number: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes;
};

/** A decision as stored: with its time in microseconds since 2000, and its detail as text. */
export type RowFacts = Omit<Decision, "time" | "detail"> & { micros: bigint; detail: string };

/** The stored form of a decision. */
export function rowFactsOf({ time, detail, ...facts }: Decision): RowFacts {
  return { ...facts, micros: BigInt(Date.parse(time) - EPOCH_MS) * 1_000n, detail: JSON.stringify(detail) };
}

/** The row of a decision in PostgreSQL's binary `COPY` format. */
export function decisionRowOf(facts: RowFacts): Buffer {
  const fields = [
    ...[Buffer.from(facts.taskId.replaceAll("-", ""), "hex"), int32(facts.seq), facts.prevHash, facts.hash],
    ...[facts.actor.service, facts.actor.version, int32(facts.attempt), facts.chosen],
    ...[facts.confidence === null ? null : float8(facts.confidence), facts.detail, facts.kind, facts.project, facts.reason],
    ...[facts.spanId, int64(facts.micros), facts.traceId],
  ];
  const parts = fields.flatMap((field) => {
    if (field === null) return [int32(-1)];
    const bytes = Buffer.from(field);
    return [int32(bytes.length), bytes];
  });
  return Buffer.concat([int16(fields.length), ...parts]);
}
