import { type LedgerEntry, ledgerBody } from "@signalbox/db/clickhouse";
import type { Chunk } from "./chunk.ts";

/**
 * All ledger entries of a batch as one row. A batch that is repeated after a crash may have more or fewer entries (a run of which more is
 * known by then belongs to a later minute), and must not be counted twice.
 */
export function ledgerChunk(first: LedgerEntry, others: readonly LedgerEntry[]): Chunk {
  const { project, source, minute } = first;
  return {
    table: "ledger",
    firstRow: 0,
    rowCount: 1,
    body: ledgerBody([first, ...others]),
    halves: () => [],
    record: () => ({ text: "", reception: { project, source, receivedAtUs: minute * 1e6 }, fingerprint: 0 }),
    release: () => {},
  };
}
