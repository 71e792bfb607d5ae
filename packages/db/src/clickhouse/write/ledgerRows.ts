import type { Fate, IngestSource } from "@signalbox/model";

/**
 * The number of records of one project, source and minute (its start, in seconds since 1970) with
 * the same fate and reason. `fingerprints` are those of the stored rows, empty for other fates.
 */
export interface LedgerEntry {
  project: string;
  source: IngestSource;
  minute: number;
  fate: Fate;
  reason: string;
  count: number;
  fingerprints: Uint32Array;
}

/** The columns that `ledgerBody` fills. */
export const LEDGER_COLUMNS = ["project", "source", "minute", "fate", "reason", "records", "stored_rows"] as const;

/** Entries as the body of an insert in RowBinary: fingerprints are many, and are copied as they are in memory. */
export function ledgerBody(entries: readonly LedgerEntry[]): Buffer[] {
  return entries.flatMap(({ project, source, minute, fate, reason, count, fingerprints }) => {
    const numbers = Buffer.alloc(12);
    numbers.writeUInt32LE(minute, 0);
    numbers.writeBigUInt64LE(BigInt(count), 4);
    return [
      text(project),
      text(source),
      numbers.subarray(0, 4),
      text(fate),
      text(reason),
      numbers.subarray(4),
      length(fingerprints.length),
      Buffer.from(fingerprints.buffer, fingerprints.byteOffset, fingerprints.byteLength),
    ];
  });
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([length(bytes.length), bytes]);
}

/** A length as LEB128. */
function length(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
  return Buffer.from([...bytes, left]);
}
