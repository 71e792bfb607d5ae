import { AppError, KnowledgeQuery } from "@signalbox/model";
import { beforeEach, expect, test } from "vitest";
import { HASHED_EMBEDDER } from "../embeddings/hashedEmbedder.ts";
import { openEmbeddedVectorStore } from "../vectors/embedded/embeddedVectorStore.ts";
import type { VectorStore } from "../vectors/vectorStore.ts";
import { type Chunk, ProjectKnowledge, searchText } from "./projectKnowledge.ts";

const TEXTS = {
  lost: "A lost card is blocked at once. Call us, or block it in the app.",
  refund: "A refund arrives within five working days.",
  loan: "A loan is paid back in monthly instalments.",
};

let knowledge: ProjectKnowledge;
let store: VectorStore;

beforeEach(() => {
  knowledge = new ProjectKnowledge();
  store = openEmbeddedVectorStore();
});

async function put(id: string, text: string, attributes: Record<string, string> = {}): Promise<void> {
  const chunk: Chunk = { id, document: `doc-${id}`, title: "", text, attributes };
  const [vector = new Float32Array()] = await HASHED_EMBEDDER.embed([searchText(chunk)]);
  knowledge.put(chunk);
  await store.upsert("shop", [{ id, vector, attributes }]);
}

const search = (query: string, more: Partial<KnowledgeQuery> = {}) =>
  knowledge.search(KnowledgeQuery.parse({ project: "shop", query, ...more }), HASHED_EMBEDDER, store);

async function found(query: string, more: Partial<KnowledgeQuery> = {}): Promise<string[]> {
  return (await search(query, more)).passages.map(({ document }) => document);
}

test("documents that share words come first, and those that share parts of words are found, too", async () => {
  for (const [id, text] of Object.entries(TEXTS)) await put(id, text);
  expect((await found("my card is lost"))[0]).toBe("doc-lost");
  // No text contains any of these words.
  expect((await found("refunding instalment", { limit: 2 })).toSorted()).toEqual(["doc-loan", "doc-refund"]);
  expect((await search("refund")).shortfall).toBeNull();
});

test("a filter and a limit hold for both kinds", async () => {
  for (const [id, text] of Object.entries(TEXTS)) await put(id, text, { topic: id === "loan" ? "loans" : "cards" });
  expect(await found("a card, a loan, a refund", { filter: { topic: ["loans"] } })).toEqual(["doc-loan"]);
  expect(await found("a card, a loan, a refund", { limit: 1 })).toHaveLength(1);
});

test("what is not known here is not found, and its vector stays: it may be of what is being loaded", async () => {
  await put("lost", TEXTS.lost);
  await put("refund", TEXTS.refund);
  knowledge.remove("lost");
  expect(await found("lost card")).not.toContain("doc-lost");
  const [vector = new Float32Array()] = await HASHED_EMBEDDER.embed([TEXTS.lost]);
  expect((await store.search("shop", { vector, limit: 5 })).map(({ id }) => id)).toContain("lost");
});

test("where vectors are out of reach, words find alone, and the answer says so", async () => {
  await put("refund", TEXTS.refund);
  store = {
    ...store,
    search: async () => {
      throw new AppError("upstream_unavailable", "qdrant does not answer.");
    },
  };
  const { passages, shortfall } = await search("when does my refund arrive");
  expect(passages.map(({ document }) => document)).toEqual(["doc-refund"]);
  expect(shortfall).toBe("Found by words alone: qdrant does not answer.");
});

test("a question without words, or to an empty project, finds nothing", async () => {
  expect(await search("refund")).toEqual({ passages: [], shortfall: null });
  await put("refund", TEXTS.refund);
  expect(await search("?!")).toEqual({ passages: [], shortfall: null });
});
