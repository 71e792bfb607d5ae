import type { TelemetryTable } from "@signalbox/db/clickhouse";
import type { Reception } from "../normalise/index.ts";

/** The record behind a row: its text, its reception, and the row's fingerprint. */
export interface ChunkRecord {
  text: string;
  reception: Reception;
  fingerprint: number;
}

/** Rows for one insert. `firstRow` is the number of rows of the same range before it in its table. */
export interface Chunk {
  table: TelemetryTable;
  firstRow: number;
  rowCount: number;
  /** The insert's body, in pieces. */
  body: readonly Buffer[];
  /** The same rows in two chunks. */
  halves(): Chunk[];
  /** The record of a chunk with a single row, for keeping it when the store refuses it. */
  record(): ChunkRecord;
  /** Releases the memory of `body`. */
  release(): void;
}

/** Limits of one insert; the store reports an error for a block that touches more than 100 partitions. */
export interface ChunkLimits {
  rowsMax: number;
  bytesMax: number;
  partitionsMax: number;
}
