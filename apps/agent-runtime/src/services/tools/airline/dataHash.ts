import { createHash } from "node:crypto";
import type { AirlineTable } from "@signalbox/model";
import { pythonNestedTuples, pythonPair, pythonTuple } from "./python/pythonText.ts";

/** The tables in the order in which the hash takes them. */
const TABLES = ["flights", "reservations", "users"] as const satisfies readonly AirlineTable[];

/** A world's documents, each written as the hash wants it, by id in the hash's order. Costly to make (some hundred milliseconds), so keep it. */
export type WorldText = Readonly<Record<AirlineTable, ReadonlyMap<string, string>>>;

/** A document that stands in the place of the world's, or beside its documents. */
export interface ChangedDocument {
  readonly table: AirlineTable;
  readonly id: string;
  readonly document: object;
}

const byId = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

function pairOf(id: string, document: object): string {
  return pythonPair(id, pythonNestedTuples(document));
}

/** Writes every document of a world as the hash wants it. */
export function writeWorld(documents: Readonly<Record<AirlineTable, ReadonlyMap<string, object>>>): WorldText {
  const write = (table: AirlineTable): ReadonlyMap<string, string> =>
    new Map([...documents[table]].map(([id, document]) => [id, pairOf(id, document)] as const).sort(byId));
  return { flights: write("flights"), reservations: write("reservations"), users: write("users") };
}

/** A table's text with the changed documents in their places. */
function tableText(base: ReadonlyMap<string, string>, changed: readonly ChangedDocument[]): string {
  if (changed.length === 0) return pythonTuple([...base.values()]);
  const merged = new Map([...base, ...changed.map(({ id, document }) => [id, pairOf(id, document)] as const)]);
  return pythonTuple([...merged].sort(byId).map(([, pair]) => pair));
}

/**
 * SHA-256 (hex) of a world with an overlay's changes applied: of the whole data as nested Python tuples, in text, which is how τ-bench names a state of its data.
 * Takes some milliseconds.
 */
export function dataHash(world: WorldText, changed: readonly ChangedDocument[]): string {
  const tables = TABLES.map((table) =>
    pythonPair(
      table,
      tableText(
        world[table],
        changed.filter((change) => change.table === table),
      ),
    ),
  );
  return createHash("sha256").update(pythonTuple(tables)).digest("hex");
}
