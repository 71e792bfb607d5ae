import { AppError, KnowledgeQuery } from "@signalbox/model";
import { beforeEach, expect, test } from "vitest";
import type { Embedder } from "../embeddings/embedder.ts";
import { HASHED_EMBEDDER } from "../embeddings/hashedEmbedder.ts";
import { openEmbeddedVectorStore } from "../vectors/embedded/embeddedVectorStore.ts";
import type { VectorStore } from "../vectors/vectorStore.ts";
import { type ChunkRow, type DocumentRow, type KnowledgeRows, openKnowledgeBases } from "./knowledgeBases.ts";
import { searchText } from "./projectKnowledge.ts";

/** Rows in memory, by the rules of the real ones. */
let documents: Map<string, DocumentRow & { text: string }>;
let state: { revision: number; embedder: string } | null;
let reads: string[][];
let store: VectorStore;
let nowMs: number;

beforeEach(() => {
  [documents, state, reads, store, nowMs] = [new Map(), null, [], openEmbeddedVectorStore(), 0];
});

function change(texts: Readonly<Record<string, string | null>>): void {
  state = { revision: (state?.revision ?? 0) + 1, embedder: HASHED_EMBEDDER.name };
  for (const [id, text] of Object.entries(texts))
    if (text === null) documents.delete(id);
    else documents.set(id, { id, text, revision: state.revision, digest: text.replaceAll(" ", "-").padEnd(16), chunks: 1 });
}

const rows: KnowledgeRows = {
  state: async () => state,
  documents: async () => [...documents.values()],
  chunks: async (_project, ids) => {
    reads.push([...ids]);
    const found = ids.flatMap((id) => documents.get(id) ?? []);
    const vectors = await HASHED_EMBEDDER.embed(found.map(({ text }) => searchText({ title: "", text })));
    return found.map(({ id, text, digest }, at): ChunkRow => {
      const vector = vectors[at] ?? new Float32Array();
      return { document: id, digest, position: 0, title: "", text, attributes: {}, vector };
    });
  },
};

function openBases(checkEveryMs = 0) {
  const bases = openKnowledgeBases({ rows, embedder: HASHED_EMBEDDER, store, checkEveryMs, nowMs: () => nowMs });
  return async (query: string) => bases.search(KnowledgeQuery.parse({ project: "shop", query }));
}

const documentsIn = async (search: ReturnType<typeof openBases>, query: string): Promise<string[]> =>
  (await search(query)).passages.map(({ document }) => document);

test("what was loaded is found, what changed is read again alone, and what is gone is not found", async () => {
  const search = openBases();
  expect(await documentsIn(search, "card")).toEqual([]);
  change({ a: "a lost card", b: "a loan" });
  expect(await documentsIn(search, "card")).toContain("a");
  change({ b: "a stolen card" });
  expect((await documentsIn(search, "stolen card"))[0]).toBe("b");
  change({ a: null });
  expect(await documentsIn(search, "lost card")).toEqual(["b"]);
  expect(reads).toEqual([["a", "b"], ["b"]]);
});

test("a document that changes while it is read leaves nothing of what it was meanwhile", async () => {
  change({ a: "a lost card" });
  const listed = rows.documents;
  const changing: KnowledgeRows = {
    ...rows,
    async documents(project) {
      const before = await listed(project);
      if (state?.revision === 1) change({ a: "a stolen card" });
      return before;
    },
  };
  const bases = openKnowledgeBases({ rows: changing, embedder: HASHED_EMBEDDER, store, checkEveryMs: 0, nowMs: () => 0 });
  const search = async () =>
    (await bases.search(KnowledgeQuery.parse({ project: "shop", query: "card" }))).passages.map(({ text }) => text);
  expect(await search()).toEqual(["a stolen card"]);
  change({ a: "a blocked card" });
  expect(await search()).toEqual(["a blocked card"]);
});

test("searches that come at once bring everything up to date once", async () => {
  change({ a: "a lost card" });
  const search = openBases();
  await Promise.all([search("card"), search("card"), search("card")]);
  expect(reads).toEqual([["a"]]);
});

test("for a moment nothing new is looked for", async () => {
  const search = openBases(1_000);
  change({ a: "a lost card" });
  await search("card");
  change({ b: "another card" });
  nowMs = 999;
  expect(await documentsIn(search, "card")).toEqual(["a"]);
  nowMs = 1_000;
  expect((await documentsIn(search, "card")).toSorted()).toEqual(["a", "b"]);
});

test("a project that is erased leaves no vector", async () => {
  const search = openBases();
  change({ a: "a lost card" });
  await search("card");
  state = null;
  documents.clear();
  expect(await documentsIn(search, "card")).toEqual([]);
  const [vector = new Float32Array()] = await HASHED_EMBEDDER.embed(["a lost card"]);
  expect(await store.search("shop", { vector, limit: 5 })).toEqual([]);
});

test("a shared store gets nothing from here, and what it finds is searched", async () => {
  const written: unknown[] = [];
  store = { ...store, isShared: true, upsert: async (...given) => void written.push(given) };
  const search = openBases();
  change({ a: "a lost card" });
  expect(await documentsIn(search, "card")).toEqual(["a"]);
  expect(written).toEqual([]);
});

test("vectors of another embedder are not compared with questions of this one, and the answer says so", async () => {
  change({ a: "a lost card" });
  state = { revision: 1, embedder: "endpoint-small" };
  expect(await openBases()("lost")).toMatchObject({
    passages: [{ document: "a" }],
    shortfall: "Found by words alone: vectors are of endpoint-small, and questions of hashed-1024.",
  });
});

/** An embedder with this many dimensions whose vectors all point the same way. */
function embedderOf(dimensions: number): Embedder {
  const vector = new Float32Array(dimensions).fill(1);
  return { name: `flat-${dimensions}`, embed: async (texts) => texts.map(() => vector), embedQuery: async () => vector };
}

/** Rows whose vectors are of the embedder that the state names. */
function rowsBy(...embedders: readonly Embedder[]): KnowledgeRows {
  return {
    ...rows,
    async chunks(project, ids) {
      const embedder = embedders.find(({ name }) => name === state?.embedder);
      const [vector = new Float32Array()] = (await embedder?.embed([""])) ?? [];
      return (await rows.chunks(project, ids)).map((chunk) => ({ ...chunk, vector }));
    },
  };
}

/** Replaces every chunk's vector with another embedder's. */
function rebuild({ name }: Embedder): void {
  state = { revision: (state?.revision ?? 0) + 1, embedder: name };
  for (const document of documents.values()) document.revision = state.revision;
}

test("a rebuild by an embedder of other dimensions is taken up by a process that has the old vectors", async () => {
  const [small, large] = [embedderOf(4), embedderOf(6)];
  change({ a: "a lost card" });
  rebuild(small);
  const bases = openKnowledgeBases({ rows: rowsBy(small, large), embedder: large, store, checkEveryMs: 0, nowMs: () => nowMs });
  const search = () => bases.search(KnowledgeQuery.parse({ project: "shop", query: "card" }));
  expect(await search()).toMatchObject({ passages: [{ document: "a" }], shortfall: expect.stringContaining("by words alone") });
  rebuild(large);
  expect(await search()).toMatchObject({ passages: [{ document: "a" }], shortfall: null });
});

test("a rebuild while pieces are being read leaves no vector of another length", async () => {
  const [small, large] = [embedderOf(4), embedderOf(6)];
  change(Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`d${index}`, "a lost card"])));
  rebuild(small);
  const before = rowsBy(small, large);
  const changing: KnowledgeRows = {
    ...before,
    async chunks(project, ids) {
      const chunks = await before.chunks(project, ids);
      if (state?.embedder === small.name) rebuild(large);
      return chunks;
    },
  };
  const bases = openKnowledgeBases({ rows: changing, embedder: large, store, checkEveryMs: 0, nowMs: () => nowMs });
  const { shortfall } = await bases.search(KnowledgeQuery.parse({ project: "shop", query: "card" }));
  expect(shortfall).toBeNull();
});

test("rows that cannot be read are told as such, and read by the next search", async () => {
  change({ a: "a lost card" });
  const search = openBases();
  const { documents: list } = rows;
  rows.documents = async () => {
    throw new AppError("upstream_unavailable", "PostgreSQL is away");
  };
  await expect(search("card")).rejects.toThrow("PostgreSQL is away");
  rows.documents = list;
  expect(await documentsIn(search, "card")).toEqual(["a"]);
});
