import type { InsertOutcome, TelemetryTable } from "@signalbox/db/clickhouse";
import type { Chunk } from "./chunks.ts";

/** Puts rows into the store, once per token. */
export type Insert = (table: TelemetryTable, rows: readonly string[], token: string) => Promise<InsertOutcome>;

/** A row that the store can never take, with the store's reason. */
export interface RefusedRow {
  table: TelemetryTable;
  row: string;
  rowNumber: number;
  reason: string;
}

/** A row that the store lacks the memory for, alone and this often, would keep all those behind it waiting for ever. */
const ALONE_ATTEMPTS = 20;

/**
 * Stores a chunk however long it takes, and returns the rows that the store refuses for their content: a refused chunk is halved until
 * the rows at fault stand alone. `waitToRetry` is called when the store is not well; it throws to give up.
 */
export async function storeChunk(
  chunk: Chunk,
  rangeToken: string,
  insert: Insert,
  waitToRetry: (failures: number, reason: string) => Promise<void>,
): Promise<RefusedRow[]> {
  const { table, firstRow, rows } = chunk;
  const token = `${rangeToken}:${table}:${firstRow}-${firstRow + rows.length - 1}`;
  for (let failures = 1; ; failures += 1) {
    const outcome = await insert(table, rows, token);
    if (outcome.kind === "stored") return [];
    const isHopeless = outcome.kind === "refused" || (outcome.kind === "too_large" && failures >= ALONE_ATTEMPTS);
    if (isHopeless && rows.length === 1) return rows.map((row) => ({ table, row, rowNumber: firstRow, reason: outcome.reason }));
    if (outcome.kind !== "unavailable" && rows.length > 1) {
      const refused: RefusedRow[] = [];
      for (const half of halves(chunk)) refused.push(...(await storeChunk(half, rangeToken, insert, waitToRetry)));
      return refused;
    }
    await waitToRetry(failures, outcome.reason);
  }
}

function halves({ table, firstRow, rows }: Chunk): Chunk[] {
  const middle = Math.ceil(rows.length / 2);
  return [
    { table, firstRow, rows: rows.slice(0, middle) },
    { table, firstRow: firstRow + middle, rows: rows.slice(middle) },
  ];
}
