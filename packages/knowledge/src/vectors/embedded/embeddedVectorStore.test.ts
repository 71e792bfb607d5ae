import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { vectorStoreContract } from "../../testing/vectorStoreContract.ts";
import { openCloud } from "../cloud.ts";
import type { VectorRecord, VectorStore } from "../vectorStore.ts";
import { openEmbeddedVectorStore } from "./embeddedVectorStore.ts";

describe("the embedded store", () => {
  vectorStoreContract(
    async () => openEmbeddedVectorStore(),
    () => randomUUID(),
  );
});

const DIMENSIONS = 16;
const CLUSTERED = { kind: "clustered", clusters: 50, spread: 0.5 } as const;

function someRecords(count: number, next: () => Float32Array): VectorRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `r${at}`,
    vector: next(),
    attributes: { half: at < count / 2 ? "first" : "second" },
  }));
}

const idsNear = async (store: VectorStore, vector: Float32Array, filter?: Record<string, string[]>): Promise<string[]> =>
  (await store.search("n", { vector, limit: 10, ...(filter === undefined ? {} : { filter }) })).map(({ id }) => id);

/** The nearest records by brute force. */
function exactIds(records: readonly VectorRecord[], query: Float32Array): string[] {
  const cosine = ({ vector }: VectorRecord): number => vector.reduce((sum, value, at) => sum + value * (query[at] as number), 0);
  return records
    .map((record) => ({ id: record.id, score: cosine(record) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 10)
    .map(({ id }) => id);
}

test("above some thousand records a graph finds nearly all that comparing them would, filtered or not, and what was replaced or deleted never", async () => {
  await using store = openEmbeddedVectorStore();
  const next = openCloud(CLUSTERED, DIMENSIONS, 3);
  const records = someRecords(12_000, next);
  await store.upsert("n", records);
  const [gone, moved] = [records.slice(0, 1_000), records.slice(1_000, 1_500)];
  await store.delete(
    "n",
    gone.map(({ id }) => id),
  );
  const movedTo = moved.map((record) => ({ ...record, vector: next() }));
  await store.upsert("n", movedTo);
  const now = [...movedTo, ...records.slice(1_500)];

  const recallOf = async (among: readonly VectorRecord[], filter?: Record<string, string[]>): Promise<number> => {
    let hits = 0;
    for (let query = 0; query < 50; query += 1) {
      const vector = next();
      const found = await idsNear(store, vector, filter);
      expect(found).toHaveLength(10);
      hits += exactIds(among, vector).filter((id) => found.includes(id)).length;
    }
    return hits / 500;
  };
  expect(await recallOf(now)).toBeGreaterThan(0.97);
  expect(
    await recallOf(
      now.filter(({ attributes }) => attributes.half === "second"),
      { half: ["second"] },
    ),
  ).toBeGreaterThan(0.97);
});
