import type { TelemetryRow, TelemetryTable } from "@signalbox/db/clickhouse";

/** Rows for one insert. `firstRow` is how many rows of the same range went to the table before it. */
export interface Chunk {
  table: TelemetryTable;
  firstRow: number;
  rows: string[];
}

/** What one insert takes at most; the store splits a block over 100 partitions into an error. */
export interface ChunkLimits {
  rowsMax: number;
  charsMax: number;
  partitionsMax: number;
}

const LIMITS: ChunkLimits = { rowsMax: 20_000, charsMax: 4 * 1024 * 1024, partitionsMax: 100 };

interface Filling extends Chunk {
  chars: number;
  partitions: Set<string>;
}

/**
 * Cuts a range's rows into chunks. Where it cuts depends on the rows alone: the same range gives the same chunks, and so the same tokens,
 * again.
 */
export class Chunks {
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
        filling.chars + json.length <= this.#limits.charsMax &&
        (filling.partitions.has(partition) || filling.partitions.size < this.#limits.partitionsMax));
    const into = hasRoom ? filling : emptyFilling(table, filling.firstRow + filling.rows.length);
    into.rows.push(json);
    into.chars += json.length;
    into.partitions.add(partition);
    this.#filling.set(table, into);
    return hasRoom ? null : filling;
  }

  /** The chunks that are not full. */
  rest(): Chunk[] {
    return [...this.#filling.values()];
  }
}

function emptyFilling(table: TelemetryTable, firstRow: number): Filling {
  return { table, firstRow, rows: [], chars: 0, partitions: new Set() };
}
