import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { createProject, deleteProject } from "../projects/projectStore.ts";
import {
  type EmbeddedDocument,
  listKnowledgeDocuments,
  putKnowledge,
  readKnowledgeChunks,
  readKnowledgeDocuments,
  readKnowledgeState,
  removeKnowledge,
  replaceVectors,
} from "./knowledgeStore.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const NOW = new Date("2026-11-26T12:00:00.000Z");

async function aProject(name: string): Promise<string> {
  await createProject(prisma, { name, organisation: "acme", environments: ["production"] }, NOW);
  return name;
}

function aDocument(id: string, texts: readonly string[], attributes: Record<string, string> = {}): EmbeddedDocument {
  return {
    document: { id, title: `On ${id}`, text: texts.join("\n"), attributes },
    digest: texts.join().length.toString(16),
    chunks: texts.map((text, at) => ({ text, vector: Float32Array.of(at, 0.1, -1e-7) })),
  };
}

const put = (project: string, documents: readonly EmbeddedDocument[], embedder = "hashed") =>
  putKnowledge(prisma, { project, embedder, documents, now: NOW });

test("documents come back as they were loaded, pieces with their vectors to the last bit", async () => {
  const project = await aProject("round-trip");
  await put(project, [aDocument("a", ["one", "two"], { topic: "cards" }), aDocument("b", ["three"])]);
  expect(await readKnowledgeDocuments(prisma, project, ["a"])).toEqual([aDocument("a", ["one", "two"], { topic: "cards" }).document]);
  expect(await readKnowledgeChunks(prisma, project, ["a", "nobody"])).toEqual([
    {
      document: "a",
      digest: "7",
      position: 0,
      title: "On a",
      text: "one",
      attributes: { topic: "cards" },
      vector: Float32Array.of(0, 0.1, -1e-7),
    },
    {
      document: "a",
      digest: "7",
      position: 1,
      title: "On a",
      text: "two",
      attributes: { topic: "cards" },
      vector: Float32Array.of(1, 0.1, -1e-7),
    },
  ]);
  expect(await listKnowledgeDocuments(prisma, project)).toEqual([
    { id: "a", title: "On a", digest: "7", revision: 1, chunks: 2, updatedAt: NOW.toISOString() },
    { id: "b", title: "On b", digest: "5", revision: 1, chunks: 1, updatedAt: NOW.toISOString() },
  ]);
});

test("every change is a new revision, and a document has that of its last one", async () => {
  const project = await aProject("revisions");
  expect(await readKnowledgeState(prisma, project)).toBeNull();
  await put(project, [aDocument("a", ["one"]), aDocument("b", ["two"])]);
  await put(project, [aDocument("b", ["changed", "and longer"])]);
  expect(await readKnowledgeState(prisma, project)).toEqual({ revision: 2, embedder: "hashed" });
  expect((await listKnowledgeDocuments(prisma, project)).map(({ id, revision, chunks }) => [id, revision, chunks])).toEqual([
    ["a", 1, 1],
    ["b", 2, 2],
  ]);
  expect(await removeKnowledge(prisma, project, ["a", "nobody"])).toBe(1);
  expect(await removeKnowledge(prisma, project, ["nobody"])).toBe(0);
  expect(await readKnowledgeState(prisma, project)).toEqual({ revision: 3, embedder: "hashed" });
});

test("vectors of different embedders never stand beside one another", async () => {
  const project = await aProject("embedders");
  await put(project, [aDocument("a", ["one"])]);
  await expect(put(project, [aDocument("b", ["two"])], "endpoint-small")).rejects.toThrow(expect.objectContaining({ code: "conflict" }));
  const state = { revision: 1, embedder: "hashed" };
  const chunks = (await readKnowledgeChunks(prisma, project, ["a"])).map((chunk) => ({ ...chunk, vector: Float32Array.of(5, 6) }));
  await replaceVectors(prisma, { project, state, embedder: "endpoint-small", chunks });
  expect(await readKnowledgeState(prisma, project)).toEqual({ revision: 2, embedder: "endpoint-small" });
  expect((await readKnowledgeChunks(prisma, project, ["a"]))[0]?.vector).toEqual(Float32Array.of(5, 6));
  await expect(replaceVectors(prisma, { project, state, embedder: "other", chunks: [] })).rejects.toThrow(
    expect.objectContaining({ code: "conflict" }),
  );
});

test("knowledge belongs to a project that is there, and goes with it", async () => {
  await expect(put("nowhere", [aDocument("a", ["one"])])).rejects.toThrow(expect.objectContaining({ code: "not_found" }));
  const project = await aProject("leaving");
  await put(project, [aDocument("a", ["one"])]);
  await deleteProject(prisma, project);
  expect(await readKnowledgeState(prisma, project)).toBeNull();
  expect(await readKnowledgeChunks(prisma, project, ["a"])).toEqual([]);
});
