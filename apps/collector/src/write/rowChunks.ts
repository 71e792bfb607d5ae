import type { TelemetryRow, TelemetryTable } from "@signalbox/db/clickhouse";
import type { Chunk, ChunkLimits } from "./chunk.ts";

const LIMITS: ChunkLimits = { rowsMax: 20_000, bytesMax: 4 * 1024 * 1024, partitionsMax: 100 };

interface Filling {
  table: TelemetryTable;
  firstRow: number;
  rows: string[];
  chars: number;
  partitions: Set<string>;
}

/**
 * Cuts a range's rows of JSON into chunks. Where it cuts depends on the rows alone: the same range gives the same chunks, and so the same
 * tokens, again.
 */
export class RowChunks {
  readonly #limits: ChunkLimits;
  readonly #filling = new Map<TelemetryTable, Filling>();

  constructor(limits: ChunkLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Takes a row; returns the chunk that it had no more room in, if any. */
  add({ table, partition, json }: TelemetryRow): Chunk | null {
    const filling = this.#filling.get(table) ?? emptyFilling(table, 0);
    const hasRoom =
      filling.rows.length === 0 ||
      (filling.rows.length < this.#limits.rowsMax &&
        filling.chars + json.length <= this.#limits.bytesMax &&
        (filling.partitions.has(partition) || filling.partitions.size < this.#limits.partitionsMax));
    const into = hasRoom ? filling : emptyFilling(table, filling.firstRow + filling.rows.length);
    into.rows.push(json);
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

function emptyFilling(table: TelemetryTable, firstRow: number): Filling {
  return { table, firstRow, rows: [], chars: 0, partitions: new Set() };
}

/** A chunk of rows as `columnsOf(table)` orders their values, the project first. */
export function rowChunk(table: TelemetryTable, firstRow: number, rows: readonly string[]): Chunk {
  const middle = Math.ceil(rows.length / 2);
  return {
    table,
    firstRow,
    rowCount: rows.length,
    body: [Buffer.from(`${rows.join("\n")}\n`)],
    halves: () => [rowChunk(table, firstRow, rows.slice(0, middle)), rowChunk(table, firstRow + middle, rows.slice(middle))],
    record: () => {
      const [row = "[]"] = rows;
      return { project: String((JSON.parse(row) as unknown[])[0]), text: row };
    },
    release: () => {},
  };
}
