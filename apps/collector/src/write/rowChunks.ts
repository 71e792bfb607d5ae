import { linesOf, type RowTable, type TelemetryRow } from "@signalbox/db/clickhouse";
import type { Reception } from "../normalise/index.ts";
import type { Chunk, ChunkLimits } from "./chunk.ts";

const LIMITS: ChunkLimits = { rowsMax: 20_000, bytesMax: 4 * 1024 * 1024, partitionsMax: 100 };

/** A row with its record's reception. */
export interface ReceivedRow extends TelemetryRow {
  reception: Reception;
}

interface Filling {
  table: RowTable;
  firstRow: number;
  rows: ReceivedRow[];
  chars: number;
  partitions: Set<string>;
}

/**
 * Divides a range's JSON rows into chunks. The cuts depend on the rows alone: the same range gives the same chunks, and so the same tokens,
 * again.
 */
export class RowChunks {
  readonly #limits: ChunkLimits;
  readonly #filling = new Map<RowTable, Filling>();

  constructor(limits: ChunkLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Adds a row; returns the chunk that had no room for it, if any. */
  add(row: ReceivedRow): Chunk | null {
    const { table, partition, json } = row;
    const filling = this.#filling.get(table) ?? emptyFilling(table, 0);
    const hasRoom =
      filling.rows.length === 0 ||
      (filling.rows.length < this.#limits.rowsMax &&
        filling.chars + json.length <= this.#limits.bytesMax &&
        (filling.partitions.has(partition) || filling.partitions.size < this.#limits.partitionsMax));
    const into = hasRoom ? filling : emptyFilling(table, filling.firstRow + filling.rows.length);
    into.rows.push(row);
    into.chars += json.length;
    into.partitions.add(partition);
    this.#filling.set(table, into);
    return hasRoom ? null : rowChunk(filling.table, filling.firstRow, filling.rows);
  }

  /** The chunks that are not full. */
  rest(): Chunk[] {
    return [...this.#filling.values()].map(({ table, firstRow, rows }) => rowChunk(table, firstRow, rows));
  }
}

function emptyFilling(table: RowTable, firstRow: number): Filling {
  return { table, firstRow, rows: [], chars: 0, partitions: new Set() };
}

/** A chunk of some rows of one table. */
export function rowChunk(table: RowTable, firstRow: number, rows: readonly ReceivedRow[]): Chunk {
  const middle = Math.ceil(rows.length / 2);
  return {
    table,
    firstRow,
    rowCount: rows.length,
    body: linesOf(rows),
    halves: () => [rowChunk(table, firstRow, rows.slice(0, middle)), rowChunk(table, firstRow + middle, rows.slice(middle))],
    record: () => {
      const [row] = rows;
      if (row === undefined) throw new Error("a chunk has a row");
      return { text: row.json, reception: row.reception, fingerprint: row.fingerprint };
    },
    release: () => {},
  };
}
