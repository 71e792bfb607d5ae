import type { TelemetryTable } from "@signalbox/db/clickhouse";
import type { Reception } from "../normalise/index.ts";

/** The record of a row: its text, how it came, and what the row would be found by. */
export interface ChunkRecord {
  text: string;
  reception: Reception;
  fingerprint: number;
}

/** Rows for one insert. `firstRow` is how many rows of the same range stand before it in its table. */
export interface Chunk {
  table: TelemetryTable;
  firstRow: number;
  rowCount: number;
  /** What is inserted, in pieces. */
  body: readonly Buffer[];
  /** The same rows in two chunks. */
  halves(): Chunk[];
  /** The record of a chunk of one row, for those who keep what the store refuses. */
  record(): ChunkRecord;
  /** Ends the use of `body`. */
  release(): void;
}

/** What one insert takes at most; the store makes an error of a block that touches more than 100 partitions. */
export interface ChunkLimits {
  rowsMax: number;
  bytesMax: number;
  partitionsMax: number;
}
