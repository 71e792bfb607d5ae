import { crc32 } from "node:zlib";
import type { Compression, Encoding } from "../decode/index.ts";

/** What a record is of. A stored number is a position in these lists: only ever append to them. */
const SOURCES = ["otlp_traces", "otlp_logs", "otlp_metrics", "azure_track", "langsmith_multipart", "langsmith_batch"] as const;
const ENCODINGS = ["protobuf", "json"] as const satisfies readonly Encoding[];
const COMPRESSIONS = ["identity", "gzip", "zstd"] as const satisfies readonly Compression[];

/** Which receiver took a record in, and so who can decode it. */
export type Source = (typeof SOURCES)[number];

/** One request as it was acknowledged, its body as it came over the wire. `receivedAtUs` is microseconds since 1970. */
export interface JournalRecord {
  receivedAtUs: number;
  source: Source;
  encoding: Encoding;
  compression: Compression;
  project: string;
  body: Buffer;
}

/** Marks where a record may begin, so that reading can go on behind a damaged one. */
const MARK = 0x5342_4c52;

/** Mark, length of what follows, its checksum (4 bytes each). */
const HEADER_BYTES = 12;

/** Receive time (8 bytes), source, encoding, compression, length of the project's name (1 byte each). */
const PREFIX_BYTES = 12;

/** No record is longer: a body has at most 64 MiB, a project's name 255 bytes. A larger length is damage. */
const LENGTH_MAX = 65 * 1024 * 1024;

/**
 * A record's bytes, in two pieces so that the body is not copied. `seal` starts the checksum: it is this journal's own secret, so that no
 * body can contain something that reads as a record of this journal.
 */
export function encodeRecord(record: JournalRecord, seal: number): [head: Buffer, body: Buffer] {
  const project = Buffer.from(record.project);
  if (project.length > 255) throw new RangeError("a project's name has at most 255 bytes");
  const head = Buffer.alloc(HEADER_BYTES + PREFIX_BYTES + project.length);
  head.writeBigUInt64LE(BigInt(record.receivedAtUs), HEADER_BYTES);
  head[HEADER_BYTES + 8] = SOURCES.indexOf(record.source);
  head[HEADER_BYTES + 9] = ENCODINGS.indexOf(record.encoding);
  head[HEADER_BYTES + 10] = COMPRESSIONS.indexOf(record.compression);
  head[HEADER_BYTES + 11] = project.length;
  project.copy(head, HEADER_BYTES + PREFIX_BYTES);

  head.writeUInt32LE(MARK, 0);
  head.writeUInt32LE(head.length - HEADER_BYTES + record.body.length, 4);
  head.writeUInt32LE(crc32(record.body, crc32(head.subarray(HEADER_BYTES), seal)), 8);
  return [head, record.body];
}

/**
 * What stands at `offset` of `bytes`: a whole record, the beginning of one that needs `bytes` in all, or nothing that could be a record.
 */
export type RecordAt = { kind: "record"; record: JournalRecord; end: number } | { kind: "cut"; bytesNeeded: number } | { kind: "damaged" };

export function recordAt(bytes: Buffer, offset: number, seal: number): RecordAt {
  const left = bytes.length - offset;
  if (left < HEADER_BYTES) return { kind: "cut", bytesNeeded: HEADER_BYTES };
  const length = bytes.readUInt32LE(offset + 4);
  if (bytes.readUInt32LE(offset) !== MARK || length < PREFIX_BYTES || length > LENGTH_MAX) return { kind: "damaged" };
  if (left < HEADER_BYTES + length) return { kind: "cut", bytesNeeded: HEADER_BYTES + length };

  const end = offset + HEADER_BYTES + length;
  const payload = bytes.subarray(offset + HEADER_BYTES, end);
  if (crc32(payload, seal) !== bytes.readUInt32LE(offset + 8)) return { kind: "damaged" };
  const [source, encoding, compression, projectLength = 0] = payload.subarray(8, PREFIX_BYTES);
  const record = {
    receivedAtUs: Number(payload.readBigUInt64LE(0)),
    source: SOURCES[source ?? -1],
    encoding: ENCODINGS[encoding ?? -1],
    compression: COMPRESSIONS[compression ?? -1],
    project: payload.toString("utf8", PREFIX_BYTES, PREFIX_BYTES + projectLength),
    body: payload.subarray(PREFIX_BYTES + projectLength),
  };
  return isKnown(record) ? { kind: "record", record, end } : { kind: "damaged" };
}

function isKnown(record: { [K in keyof JournalRecord]: JournalRecord[K] | undefined }): record is JournalRecord {
  return record.source !== undefined && record.encoding !== undefined && record.compression !== undefined;
}

/** The first offset after `offset` at which a whole record stands, or null. */
export function nextRecordAfter(bytes: Buffer, offset: number, seal: number): number | null {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(MARK);
  for (let at = bytes.indexOf(mark, offset + 1); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    if (recordAt(bytes, at, seal).kind === "record") return at;
  }
  return null;
}
