import { sha256 } from "@signalbox/model";
import { expect, test } from "vitest";
import { type ChangedDocument, dataHash, writeWorld } from "./dataHash.ts";
import { pythonNestedTuples } from "./python/pythonText.ts";

type Tables = Record<"flights" | "reservations" | "users", Record<string, object>>;

/** The reference hash: of all of the data as one text. */
function hashOfWhole(tables: Tables): string {
  return sha256(pythonNestedTuples(tables));
}

function written({ flights, reservations, users }: Tables) {
  const documents = (table: Record<string, object>) => new Map(Object.entries(table));
  return writeWorld({ flights: documents(flights), reservations: documents(reservations), users: documents(users) });
}

const TABLES: Tables = {
  flights: { F2: { n: 2, a: "é" }, F1: { n: 1 } },
  reservations: { R5: { list: [1] }, R3: {}, R7: { "it's": null } },
  users: { ada: { b: { c: [] } } },
};

test("the hash is that of the whole data as nested tuples, whatever the order of keys", () => {
  expect(dataHash(written(TABLES), [])).toBe(hashOfWhole(TABLES));
  expect(dataHash(written({ ...TABLES, flights: { F1: { n: 1 }, F2: { a: "é", n: 2 } } }), [])).toBe(hashOfWhole(TABLES));
});

test.each<[string, ChangedDocument[], (tables: Tables) => void]>([
  [
    "the first",
    [{ table: "reservations", id: "R3", document: { x: 1 } }],
    ({ reservations }) => Object.assign(reservations, { R3: { x: 1 } }),
  ],
  [
    "the last",
    [{ table: "reservations", id: "R7", document: { x: 1 } }],
    ({ reservations }) => Object.assign(reservations, { R7: { x: 1 } }),
  ],
  ["the only one", [{ table: "users", id: "ada", document: {} }], ({ users }) => Object.assign(users, { ada: {} })],
  [
    "new ones on every side",
    ["R9", "R1", "R4"].map((id) => ({ table: "reservations", id, document: { id } }) as const),
    ({ reservations }) => Object.assign(reservations, { R9: { id: "R9" }, R1: { id: "R1" }, R4: { id: "R4" } }),
  ],
  ["a second beside the only one", [{ table: "users", id: "eve", document: {} }], ({ users }) => Object.assign(users, { eve: {} })],
])("changed documents take their places: %s", (_name, changed, change) => {
  const tables = structuredClone(TABLES);
  change(tables);
  expect(dataHash(written(TABLES), changed)).toBe(hashOfWhole(tables));
});

test("empty tables and tables of one have their Python form", () => {
  const empty: Tables = { flights: {}, reservations: {}, users: {} };
  expect(dataHash(written(empty), [])).toBe(hashOfWhole(empty));
  const one = { table: "users", id: "eve", document: { n: 1 } } as const;
  expect(dataHash(written(empty), [one])).toBe(hashOfWhole({ ...empty, users: { eve: { n: 1 } } }));
});
