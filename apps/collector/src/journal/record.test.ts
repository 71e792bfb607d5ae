import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { encodeRecord, type JournalRecord, nextRecordAfter, recordAt } from "./record.ts";

const SEAL = 7;

const RECORD: JournalRecord = {
  receivedAtUs: 1_763_900_000_000_001,
  kind: "otlp_logs",
  source: "otlp_logs_tls",
  encoding: "json",
  compression: "zstd",
  project: "größe",
  counts: { received: 70_000, rejected: { bad_span_id: 2, no_span: 1 } },
  body: Buffer.from("body"),
};

const bytesOf = (record: JournalRecord): Buffer => Buffer.concat(encodeRecord(record, SEAL));

/** A record in the format of earlier versions, without a source and counts. */
function bytesOfBefore(body: string): Buffer {
  const prefix = Buffer.alloc(12);
  prefix.writeBigUInt64LE(5n);
  prefix.set([4, 1, 1, 4], 8);
  const payload = Buffer.concat([prefix, Buffer.from("shop"), Buffer.from(body)]);
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x5342_4c52, 0);
  header.writeUInt32LE(payload.length, 4);
  header.writeUInt32LE(crc32(payload, SEAL), 8);
  return Buffer.concat([header, payload]);
}

test("a record is read as it was written", () => {
  const bytes = bytesOf(RECORD);
  expect(recordAt(bytes, 0, SEAL)).toEqual({ kind: "record", record: RECORD, end: bytes.length });
  const plain = { ...RECORD, project: "", counts: { received: 1, rejected: {} } };
  expect(recordAt(bytesOf(plain), 0, SEAL)).toMatchObject({ record: plain });
});

test("a record of an earlier version is read: with the only source of that time, and without counts", () => {
  const bytes = bytesOfBefore("a body");
  expect(recordAt(bytes, 0, SEAL)).toEqual({
    kind: "record",
    end: bytes.length,
    record: {
      receivedAtUs: 5,
      kind: "langsmith_multipart",
      source: "langsmith",
      encoding: "json",
      compression: "gzip",
      project: "shop",
      counts: null,
      body: Buffer.from("a body"),
    },
  });
});

test("after damage the next whole record is found, of either version", () => {
  const damage = Buffer.from("SLBSRLBS".repeat(3));
  for (const next of [bytesOf(RECORD), bytesOfBefore("a body")])
    expect(nextRecordAfter(Buffer.concat([damage, next]), 0, SEAL)).toBe(damage.length);
  expect(nextRecordAfter(damage, 0, SEAL)).toBe(null);
});
