import { setImmediate as nextTurn } from "node:timers/promises";
import type { BufferPool } from "../bufferPool.ts";
import { type JournalRecord, nextRecordAfter, recordAt } from "./record.ts";
import { type Range, readSegment } from "./segments.ts";

/**
 * The outcome of a read: whole records and the range that they fill, or a damaged range from which no record can be read. The records'
 * memory is reused once the outcome is disposed; a caller that keeps the records need not dispose it.
 */
export type ReadOutcome = ({ kind: "records"; records: JournalRecord[]; range: Range } | { kind: "damaged"; range: Range }) & Disposable;

/** Checking a batch's checksums would block the thread too long: after this many bytes it yields. */
const TURN_BYTES = 1024 * 1024;

/**
 * Reads records from the start of `range` until they have about `bytesMax` bytes (at least 12; one record is read however long it is) or
 * the range ends. Reading stops at a damaged record; if that is the first, the outcome is the damaged range up to the next whole record.
 */
export async function readRange(folder: string, range: Range, bytesMax: number, seal: number, pool: BufferPool): Promise<ReadOutcome> {
  let bytes = await readSegment(folder, { ...range, to: Math.min(range.to, range.from + bytesMax) }, pool);
  const first = recordAt(bytes, 0, seal);
  if (first.kind === "cut") {
    pool.giveBack(bytes);
    bytes = await readSegment(folder, { ...range, to: Math.min(range.to, range.from + first.bytesNeeded) }, pool);
  }
  const disposal = { [Symbol.dispose]: () => pool.giveBack(bytes) };

  const records: JournalRecord[] = [];
  let end = 0;
  let turnEnd = TURN_BYTES;
  for (let at = recordAt(bytes, end, seal); at.kind === "record"; at = recordAt(bytes, end, seal)) {
    records.push(at.record);
    end = at.end;
    if (end < turnEnd) continue;
    await nextTurn();
    turnEnd = end + TURN_BYTES;
  }
  if (records.length > 0) return { kind: "records", records, range: { ...range, to: range.from + end }, ...disposal };

  pool.giveBack(bytes);
  bytes = await readSegment(folder, range, pool);
  const next = nextRecordAfter(bytes, 0, seal);
  return { kind: "damaged", range: { ...range, to: next === null ? range.to : range.from + next }, ...disposal };
}
