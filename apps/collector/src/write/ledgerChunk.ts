import { type LedgerEntry, ledgerBody } from "@signalbox/db/clickhouse";
import type { Chunk } from "./chunk.ts";

/** Entries of the ledger for one insert; `firstRow` is how many of the same batch stand before them. */
export function ledgerChunk(entries: readonly LedgerEntry[], firstRow: number): Chunk {
  const middle = Math.ceil(entries.length / 2);
  return {
    table: "ledger",
    firstRow,
    rowCount: entries.length,
    body: ledgerBody(entries),
    halves: () => [ledgerChunk(entries.slice(0, middle), firstRow), ledgerChunk(entries.slice(middle), firstRow + middle)],
    record: () => {
      const [entry] = entries;
      if (entry === undefined) throw new Error("a chunk has an entry");
      const { project, source, minute, ...rest } = entry;
      return { text: JSON.stringify(rest), reception: { project, source, receivedAtUs: minute * 1e6 }, fingerprint: 0 };
    },
    release: () => {},
  };
}
