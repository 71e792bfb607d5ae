import { createHash } from "node:crypto";
import type { AirlineTable } from "@signalbox/model";
import { pythonNestedTuples, pythonPair } from "./python/pythonText.ts";

/** The tables in the order in which they are hashed. */
const TABLES = ["flights", "reservations", "users"] as const satisfies readonly AirlineTable[];
const SEPARATOR = ", ";

/**
 * A table's documents in the form that is hashed: entry i (a separator, then a pair of id and document) is at `bytes` from `starts[i]` to
 * `starts[i + 1]`.
 */
interface TableText {
  readonly ids: readonly string[];
  readonly starts: readonly number[];
  readonly bytes: Buffer;
}

/** A world's documents in the form that is hashed. Building it takes some hundred milliseconds, so cache it. */
export type WorldText = Readonly<Record<AirlineTable, TableText>>;

/** A document that replaces one of the world's, or is added to them. */
export interface ChangedDocument {
  readonly table: AirlineTable;
  readonly id: string;
  readonly document: object;
}

function entryOf(id: string, document: object): Buffer {
  return Buffer.from(SEPARATOR + pythonPair(id, pythonNestedTuples(document)));
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function writeTable(documents: ReadonlyMap<string, object>): TableText {
  const sorted = [...documents].map(([id, document]) => ({ id, entry: entryOf(id, document) })).sort(byId);
  const starts = [0];
  for (const { entry } of sorted) starts.push((starts.at(-1) ?? 0) + entry.length);
  return { ids: sorted.map(({ id }) => id), starts, bytes: Buffer.concat(sorted.map(({ entry }) => entry)) };
}

/** Writes every document of a world in the form that is hashed. */
export function writeWorld(documents: Readonly<Record<AirlineTable, ReadonlyMap<string, object>>>): WorldText {
  return { flights: writeTable(documents.flights), reservations: writeTable(documents.reservations), users: writeTable(documents.users) };
}

/** A table's entries in order, as runs of bytes: those of `changed` (sorted by id) in their places, all others unchanged. */
function* runsOf({ ids, starts, bytes }: TableText, changed: readonly ChangedDocument[]): Generator<Buffer> {
  let next = 0;
  for (const { id, document } of changed) {
    const before = next;
    while (next < ids.length && (ids[next] ?? "") < id) next += 1;
    yield bytes.subarray(starts[before], starts[next]);
    yield entryOf(id, document);
    if (ids[next] === id) next += 1;
  }
  yield bytes.subarray(starts[next]);
}

/**
 * SHA-256 (hex) of a world with an overlay's changes applied, over the text of the whole data as nested Python tuples: τ-bench's identity
 * of a state. Takes some milliseconds.
 */
export function dataHash(world: WorldText, changed: readonly ChangedDocument[]): string {
  const hash = createHash("sha256");
  for (const [index, table] of TABLES.entries()) {
    const own = changed.filter((change) => change.table === table).sort(byId);
    const added = own.filter(({ id }) => !world[table].ids.includes(id)).length;
    hash.update(`${index === 0 ? "(" : SEPARATOR}('${table}', (`);

    let isFirst = true;
    for (const run of runsOf(world[table], own)) {
      if (run.length === 0) continue;
      hash.update(isFirst ? run.subarray(SEPARATOR.length) : run);
      isFirst = false;
    }
    hash.update(world[table].ids.length + added === 1 ? ",))" : "))");
  }
  return hash.update(")").digest("hex");
}
