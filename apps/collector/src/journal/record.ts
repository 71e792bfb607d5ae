import { crc32 } from "node:zlib";
import { IngestSource } from "@signalbox/model";
import { z } from "zod";
import type { Compression, Encoding } from "../decode/index.ts";

/** Stored numbers are positions in these lists: only ever append to them, and to those of `IngestSource`. */
const KINDS = ["otlp_traces", "otlp_logs", "otlp_metrics", "azure_track", "langsmith_multipart", "langsmith_batch", "tally"] as const;
const SOURCES = IngestSource.options;
const ENCODINGS = ["protobuf", "json"] as const satisfies readonly Encoding[];
const COMPRESSIONS = ["identity", "gzip", "zstd"] as const satisfies readonly Compression[];

/** The kind of request in a record, which decides who can decode it. */
export type RecordKind = (typeof KINDS)[number];

/** How many records a request had, and how many of them its sender was told were rejected, by reason. */
export interface RequestCounts {
  received: number;
  rejected: Readonly<Record<string, number>>;
}

/** How many records of a request were acknowledged. */
export function acceptedOf({ received, rejected }: RequestCounts): number {
  return Object.values(rejected).reduce((left, count) => left - count, received);
}

/**
 * One acknowledged request, with its body as it came over the wire. `receivedAtUs` is microseconds since 1970; `counts` is null in records
 * of an earlier version.
 */
export interface JournalRecord {
  receivedAtUs: number;
  kind: RecordKind;
  source: IngestSource;
  encoding: Encoding;
  compression: Compression;
  project: string;
  counts: RequestCounts | null;
  body: Buffer;
}

/**
 * Marks the place where a record may begin, so that reading can resume after a damaged one; this is the mark of earlier versions, ours is
 * below.
 */
const MARK_BEFORE = 0x5342_4c52;
const MARK = 0x5342_4c53;

/** The common end of both marks, in the byte order on disk. */
const MARK_END = Buffer.from([0x4c, 0x42, 0x53]);

/** Mark, length of the rest, and its checksum (4 bytes each). */
const HEADER_BYTES = 12;

/** Receive time (8 bytes), kind, encoding, compression, length of the project's name (1 byte each). Earlier versions stored no more. */
const PREFIX_BEFORE_BYTES = 12;

/** In addition: source (1 byte), length of the JSON of rejected counts (2 bytes), received records (4 bytes). */
const PREFIX_BYTES = PREFIX_BEFORE_BYTES + 7;

/** Longer records do not exist: a body has at most 64 MiB, a project's name 255 bytes. A larger length means damage. */
const LENGTH_MAX = 65 * 1024 * 1024;

/**
 * Encodes a record, in two pieces so that the body is not copied. `seal` starts the checksum: it is this journal's secret, so that no body
 * can contain bytes that pass for a record of this journal.
 */
export function encodeRecord(record: JournalRecord, seal: number): [head: Buffer, body: Buffer] {
  const project = Buffer.from(record.project);
  if (project.length > 255) throw new RangeError("a project's name has at most 255 bytes");
  const { received, rejected } = record.counts ?? { received: 0, rejected: {} };
  const rejectedJson = Buffer.from(Object.keys(rejected).length === 0 ? "" : JSON.stringify(rejected));
  const head = Buffer.alloc(HEADER_BYTES + PREFIX_BYTES + project.length + rejectedJson.length);
  head.writeBigUInt64LE(BigInt(record.receivedAtUs), HEADER_BYTES);
  head[HEADER_BYTES + 8] = KINDS.indexOf(record.kind);
  head[HEADER_BYTES + 9] = ENCODINGS.indexOf(record.encoding);
  head[HEADER_BYTES + 10] = COMPRESSIONS.indexOf(record.compression);
  head[HEADER_BYTES + 11] = project.length;
  head[HEADER_BYTES + 12] = SOURCES.indexOf(record.source);
  head.writeUInt16LE(rejectedJson.length, HEADER_BYTES + 13);
  head.writeUInt32LE(received, HEADER_BYTES + 15);
  project.copy(head, HEADER_BYTES + PREFIX_BYTES);
  rejectedJson.copy(head, HEADER_BYTES + PREFIX_BYTES + project.length);

  head.writeUInt32LE(MARK, 0);
  head.writeUInt32LE(head.length - HEADER_BYTES + record.body.length, 4);
  head.writeUInt32LE(crc32(record.body, crc32(head.subarray(HEADER_BYTES), seal)), 8);
  return [head, record.body];
}

/** The finding at an offset: a whole record, the beginning of one that needs `bytesNeeded` in all, or nothing that could be a record. */
export type RecordAt = { kind: "record"; record: JournalRecord; end: number } | { kind: "cut"; bytesNeeded: number } | { kind: "damaged" };

export function recordAt(bytes: Buffer, offset: number, seal: number): RecordAt {
  const left = bytes.length - offset;
  if (left < HEADER_BYTES) return { kind: "cut", bytesNeeded: HEADER_BYTES };
  const mark = bytes.readUInt32LE(offset);
  const length = bytes.readUInt32LE(offset + 4);
  const isMarked = mark === MARK || mark === MARK_BEFORE;
  const lengthMin = mark === MARK ? PREFIX_BYTES : PREFIX_BEFORE_BYTES;
  if (!isMarked || length < lengthMin || length > LENGTH_MAX) return { kind: "damaged" };
  if (left < HEADER_BYTES + length) return { kind: "cut", bytesNeeded: HEADER_BYTES + length };

  const end = offset + HEADER_BYTES + length;
  const payload = bytes.subarray(offset + HEADER_BYTES, end);
  if (crc32(payload, seal) !== bytes.readUInt32LE(offset + 8)) return { kind: "damaged" };
  const record = mark === MARK ? recordOf(payload) : recordOfBefore(payload);
  return isKnown(record) ? { kind: "record", record, end } : { kind: "damaged" };
}

/** A record some of whose words may come from a newer version. */
type ReadRecord = { [K in keyof JournalRecord]: JournalRecord[K] | undefined };

function recordOf(payload: Buffer): ReadRecord {
  const projectEnd = PREFIX_BYTES + (payload[11] ?? 0);
  const bodyStart = projectEnd + payload.readUInt16LE(13);
  return {
    ...commonOf(payload),
    source: SOURCES[payload[12] ?? -1],
    project: payload.toString("utf8", PREFIX_BYTES, projectEnd),
    counts: { received: payload.readUInt32LE(15), rejected: rejectedOf(payload.toString("utf8", projectEnd, bodyStart)) },
    body: payload.subarray(bodyStart),
  };
}

function recordOfBefore(payload: Buffer): ReadRecord {
  const common = commonOf(payload);
  const bodyStart = PREFIX_BEFORE_BYTES + (payload[11] ?? 0);
  return {
    ...common,
    source: common.kind === undefined || common.kind === "tally" ? undefined : SOURCES_BEFORE[common.kind],
    project: payload.toString("utf8", PREFIX_BEFORE_BYTES, bodyStart),
    counts: null,
    body: payload.subarray(bodyStart),
  };
}

/** The source of each kind of record from earlier versions, which stored none. */
const SOURCES_BEFORE = {
  otlp_traces: "otlp_traces_http",
  otlp_logs: "otlp_logs_http",
  otlp_metrics: "otlp_metrics_http",
  azure_track: "azure",
  langsmith_multipart: "langsmith",
  langsmith_batch: "langsmith",
} as const satisfies Record<Exclude<RecordKind, "tally">, IngestSource>;

function commonOf(payload: Buffer) {
  return {
    receivedAtUs: Number(payload.readBigUInt64LE(0)),
    kind: KINDS[payload[8] ?? -1],
    encoding: ENCODINGS[payload[9] ?? -1],
    compression: COMPRESSIONS[payload[10] ?? -1],
  };
}

const Rejected = z.record(z.string(), z.number());

function rejectedOf(json: string): Record<string, number> {
  return json === "" ? {} : Rejected.parse(JSON.parse(json));
}

function isKnown(record: ReadRecord): record is JournalRecord {
  return Object.values(record).every((value) => value !== undefined);
}

/** The first offset after `offset` at which a whole record stands, or null. */
export function nextRecordAfter(bytes: Buffer, offset: number, seal: number): number | null {
  for (let at = bytes.indexOf(MARK_END, offset + 2); at !== -1; at = bytes.indexOf(MARK_END, at + 1)) {
    if (recordAt(bytes, at - 1, seal).kind === "record") return at - 1;
  }
  return null;
}
