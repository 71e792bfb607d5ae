import { crc32 } from "node:zlib";

/**
 * A row's identity within its project as 32 bits, computed here when it is written, and by the store from
 * the row when it is looked for: a lost row's fingerprint is missing, that of a row replaced by a later
 * version is not. Rows with equal fingerprints hide each other: among a million, about one in 4,000.
 */
export function fingerprintOf(...identity: readonly (string | number)[]): number {
  return crc32(identity.join("\n"));
}

const TRACE_FACTORS = [0x9e3779b1, 0x85ebca77] as const;
const SPAN_FACTOR = 0xc2b2ae3d;

/**
 * The fingerprint of a span whose ids begin at two offsets of `bytes`. Senders
 * count ids up or draw them at random, so every byte that may differ counts.
 */
export function spanFingerprintAt(bytes: Buffer, traceIdAt: number, spanIdAt: number): number {
  const trace =
    Math.imul(bytes.readUInt32BE(traceIdAt + 8), TRACE_FACTORS[0]) ^ Math.imul(bytes.readUInt32BE(traceIdAt + 12), TRACE_FACTORS[1]);
  return (trace ^ Math.imul(bytes.readUInt32BE(spanIdAt), SPAN_FACTOR) ^ bytes.readUInt32BE(spanIdAt + 4)) >>> 0;
}

const big = (column: string, from: number): string => `reinterpretAsUInt32(reverse(substring(${column}, ${from}, 4)))`;

/** The SQL expression for a row's fingerprint, by table. */
export const FINGERPRINTS = {
  spans: `bitXor(bitXor(toUInt32(${big("trace_id", 9)} * ${TRACE_FACTORS[0]}), toUInt32(${big("trace_id", 13)} * ${TRACE_FACTORS[1]})), bitXor(toUInt32(${big("span_id", 1)} * ${SPAN_FACTOR}), ${big("span_id", 5)}))`,
  decisions: "CRC32(concat(task_id, '\\n', toString(seq)))",
  logs: "CRC32(toString(digest))",
  metric_points:
    "CRC32(concat(toString(series), '\\n', toString(toUnixTimestamp64Nano(time)), '\\n', toString(toUnixTimestamp64Nano(start_time))))",
  scores:
    "CRC32(concat(toString(trace_id), '\\n', span_id, '\\n', name, '\\n', scorer, if(feedback_id = '', '', concat('\\n', feedback_id))))",
  run_parts: "CRC32(concat(toString(run_id), '\\n', operation, '\\n', fields))",
} as const;
