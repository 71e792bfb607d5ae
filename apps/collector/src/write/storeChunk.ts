import type { InsertOutcome, TelemetryInsert, TelemetryTable } from "@signalbox/db/clickhouse";
import type { Chunk, ChunkRecord } from "./chunk.ts";

/** Inserts rows into the store, once per token. */
export type Insert = (insert: TelemetryInsert) => Promise<InsertOutcome>;

/** A record that the store can never accept, with the store's reason. */
export interface RefusedRecord extends ChunkRecord {
  table: TelemetryTable;
  rowNumber: number;
  reason: string;
}

/** How often a single row is tried for which the store lacks memory: it would keep all those behind it waiting for ever. */
const ALONE_ATTEMPTS = 20;

/**
 * Stores a chunk however long it takes, and returns the records that the store refuses for their content: a refused chunk is halved until
 * the rows at fault are alone. `waitToRetry` is called when the store fails; it throws to give up.
 */
export async function storeChunk(
  chunk: Chunk,
  rangeToken: string,
  insert: Insert,
  waitToRetry: (failures: number, reason: string) => Promise<void>,
): Promise<RefusedRecord[]> {
  const { table, firstRow, rowCount, body } = chunk;
  const token = `${rangeToken}:${table}:${firstRow}-${firstRow + rowCount - 1}`;
  for (let failures = 1; ; failures += 1) {
    const outcome = await insert({ table, body, token });
    if (outcome.kind === "stored") return [];
    const isHopeless = outcome.kind === "refused" || (outcome.kind === "too_large" && failures >= ALONE_ATTEMPTS);
    if (isHopeless && rowCount === 1) return [{ table, rowNumber: firstRow, ...chunk.record(), reason: outcome.reason }];
    if (outcome.kind !== "unavailable" && rowCount > 1) {
      const refused: RefusedRecord[] = [];
      for (const half of chunk.halves()) {
        refused.push(...(await storeChunk(half, rangeToken, insert, waitToRetry)));
        half.release();
      }
      return refused;
    }
    await waitToRetry(failures, outcome.reason);
  }
}
