import { expect, test } from "vitest";
import { openCloud } from "../vectors/cloud.ts";
import type { VectorQuery, VectorRecord, VectorStore } from "../vectors/vectorStore.ts";

const DIMENSIONS = 8;
const SHAPE = { kind: "uniform" } as const;

const direction = (...values: number[]): Float32Array => Float32Array.from({ length: DIMENSIONS }, (_, at) => values[at] ?? 0);

function aRecord(id: string, vector: Float32Array, attributes: Record<string, string> = {}): VectorRecord {
  return { id, vector, attributes };
}

const EAST = direction(1);
const NORTH = direction(0, 1);
const NORTH_EAST = direction(1, 1);

/** A store may take some seconds to find what was written (Pinecone does). */
const SOON = { timeout: 20_000, interval: 500 };

const soon = <T>(ask: () => Promise<T>, expected: unknown): Promise<void> => expect.poll(ask, SOON).toEqual(expected);

const idsOf = async (store: VectorStore, namespace: string, query: VectorQuery): Promise<string[]> =>
  (await store.search(namespace, query)).map(({ id }) => id);

/** The contract of every vector store. `open` is called once per test, and `namespace` returns an unused name. */
export function vectorStoreContract(open: () => Promise<VectorStore>, namespace: () => string): void {
  test("the nearest come first, with the cosine of their angle, whatever their length", async () => {
    await using store = await open();
    const here = namespace();
    await store.upsert(here, [aRecord("north", direction(0, 7)), aRecord("east", direction(0.2)), aRecord("between", NORTH_EAST)]);
    const query = { vector: direction(3, 0.3), limit: 3 };
    await soon(() => idsOf(store, here, query), ["east", "between", "north"]);
    expect((await store.search(here, query))[0]?.score).toBeCloseTo(3 / Math.hypot(3, 0.3), 3);
    await soon(() => idsOf(store, here, { vector: EAST, limit: 1 }), ["east"]);
  });

  test("an opposite direction has a negative score", async () => {
    await using store = await open();
    const here = namespace();
    await store.upsert(here, [aRecord("west", direction(-1))]);
    await soon(() => store.search(here, { vector: EAST, limit: 1 }), [{ id: "west", score: expect.closeTo(-1, 3) }]);
  });

  test("a record that is written again takes the place of the one before, attributes and all", async () => {
    await using store = await open();
    const here = namespace();
    await store.upsert(here, [aRecord("a", EAST, { topic: "cards" }), aRecord("b", NORTH, { topic: "cards" })]);
    await store.upsert(here, [aRecord("a", NORTH_EAST, { topic: "loans" })]);
    await soon(
      () => store.search(here, { vector: EAST, limit: 5, filter: { topic: ["loans"] } }),
      [{ id: "a", score: expect.closeTo(Math.SQRT1_2, 3) }],
    );
    await soon(() => idsOf(store, here, { vector: EAST, limit: 5 }), ["a", "b"]);
  });

  test("a filter keeps records whose every named attribute has one of the values, and the limit counts those alone", async () => {
    await using store = await open();
    const here = namespace();
    const records = Array.from({ length: 40 }, (_, at) =>
      aRecord(`r${at}`, direction(40 - at, at), {
        topic: at % 4 === 0 ? "cards" : `other-${at % 4}`,
        language: at % 8 === 0 ? "en" : "de",
      }),
    );
    await store.upsert(here, records);
    const found = (filter: Record<string, string[]>) => () => idsOf(store, here, { vector: EAST, limit: 3, filter });
    await soon(found({ topic: ["cards"] }), ["r0", "r4", "r8"]);
    await soon(found({ topic: ["cards", "other-1"] }), ["r0", "r1", "r4"]);
    await soon(found({ topic: ["cards"], language: ["de"] }), ["r4", "r12", "r20"]);
    await soon(found({ topic: ["mortgages"] }), []);
  });

  test("what is deleted is not found any more, and what is not there may be deleted", async () => {
    await using store = await open();
    const here = namespace();
    await store.upsert(here, [aRecord("a", EAST), aRecord("b", NORTH), aRecord("c", NORTH_EAST)]);
    await store.delete(here, ["a", "nobody"]);
    await soon(() => idsOf(store, here, { vector: EAST, limit: 5 }), ["c", "b"]);
    await store.delete(here, "all");
    await soon(() => store.search(here, { vector: EAST, limit: 5 }), []);
    await store.delete(here, "all");
  });

  test("namespaces know nothing of one another, and one that is not there is empty", async () => {
    await using store = await open();
    const [here, there] = [namespace(), namespace()];
    await store.upsert(here, [aRecord("a", EAST)]);
    await soon(() => store.search(there, { vector: EAST, limit: 5 }), []);
    await store.upsert(there, [aRecord("a", NORTH)]);
    await store.delete(here, "all");
    await soon(() => idsOf(store, there, { vector: NORTH, limit: 5 }), ["a"]);
    await store.delete(there, "all");
  });

  test("ids are any text", async () => {
    await using store = await open();
    const here = namespace();
    const ids = ["größe #1", "a/b?c=d&e", `"quoted" \\ back`, "x".repeat(200)];
    await store.upsert(
      here,
      ids.map((id, at) => aRecord(id, direction(10 - at, at))),
    );
    await soon(() => idsOf(store, here, { vector: EAST, limit: 5 }), ids);
    await store.delete(here, ids);
    await soon(() => store.search(here, { vector: EAST, limit: 5 }), []);
  });

  test("a few hundred records are found as an exact comparison finds them", async () => {
    await using store = await open();
    const here = namespace();
    const next = openCloud(SHAPE, DIMENSIONS, 7);
    const records = Array.from({ length: 300 }, (_, at) => aRecord(`r${at}`, next()));
    await store.upsert(here, records);
    const query = next();
    const cosine = (vector: Float32Array): number => vector.reduce((sum, value, at) => sum + value * (query[at] as number), 0);
    const exact = records.toSorted((a, b) => cosine(b.vector) - cosine(a.vector)).slice(0, 5);
    await soon(
      () => idsOf(store, here, { vector: query, limit: 5 }),
      exact.map(({ id }) => id),
    );
    await store.delete(here, "all");
  });

  test.each([
    ["of another length", Float32Array.of(1, 2, 3)],
    ["of zeros alone", direction(0)],
    ["with what is no number", direction(Number.NaN)],
  ])("a vector %s is refused, and a search by it too", async (_what, vector) => {
    await using store = await open();
    const here = namespace();
    await store.upsert(here, [aRecord("a", EAST)]);
    const refusal = expect.objectContaining({ code: "invalid_input" });
    await expect(store.upsert(here, [aRecord("b", vector)])).rejects.toThrow(refusal);
    await expect(store.search(here, { vector, limit: 1 })).rejects.toThrow(refusal);
    await store.delete(here, "all");
  });
}
