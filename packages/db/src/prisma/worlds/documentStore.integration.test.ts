import type { DocumentReader, WorldDocument } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/testStores.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { readChanged } from "./changedDocuments.ts";
import { DOCUMENT_STORE, listOverlaidDocuments, loadDocuments } from "./documentStore.ts";
import { openToolEffects } from "./toolEffectStore.ts";
import { dropOverlay } from "./worldStore.ts";

let stores: TestStores;
let prisma: PrismaClient;
/** A separate world for every test. */
let world: string;
let worlds = 0;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});

afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

beforeEach(() => {
  worlds += 1;
  world = `world-${worlds}`;
});

const domain = "library";
const scene = (overlay = "one") => ({ domain, world, overlay });
const shelf = (id: string): WorldDocument => ({ kind: "shelves", id, owner: null, document: { id } });
const book = (id: string, owner: string, title = id): WorldDocument => ({ kind: "books", id, owner, document: { zeta: 1, title } });
const LIBRARY = [shelf("s1"), shelf("s2"), book("b2", "s1"), book("b1", "s1"), book("b3", "s2")];
const load = (documents = LIBRARY) => loadDocuments(prisma, { domain, world }, documents);

function write(overlay: string, ...writes: WorldDocument[]) {
  const request = { scene: scene(overlay), idempotencyKey: crypto.randomUUID(), call: { name: "write", arguments: {} } };
  const answer = { output: "", isError: false, endsEpisode: false };
  return openToolEffects(prisma, DOCUMENT_STORE).callOnce(request, async () => ({ answer, writes }));
}

async function look<T>(overlay: string, read: (reader: DocumentReader) => Promise<T>): Promise<T> {
  let seen: T | undefined;
  const request = { scene: scene(overlay), idempotencyKey: crypto.randomUUID(), call: { name: "look", arguments: {} } };
  await openToolEffects(prisma, DOCUMENT_STORE).callOnce(request, async (reader) => {
    seen = await read(reader);
    return { answer: { output: "", isError: false, endsEpisode: false }, writes: [] };
  });
  return seen as T;
}

test("a world that is loaded by many at once is loaded once, and its name stands for the same data for ever", async () => {
  await Promise.all([1, 2, 3, 4].map(() => load()));
  expect(await prisma.worldDocument.count({ where: { world } })).toBe(LIBRARY.length);
  await expect(load([shelf("s1")])).rejects.toMatchObject({ code: "conflict" });
});

test("documents are found by their id and by their owner, ordered by id, with the order of their keys", async () => {
  await load();
  expect(JSON.stringify(await look("one", (reader) => reader.get("books", "b1")))).toBe('{"zeta":1,"title":"b1"}');
  expect(await look("one", (reader) => reader.list("books", "s1"))).toMatchObject([{ title: "b1" }, { title: "b2" }]);
  expect(await look("one", (reader) => reader.list("books", "nowhere"))).toEqual([]);
});

test("an id that no text can be names nothing", async () => {
  await load();
  expect(await look("one", (reader) => reader.get("books", "b1\0"))).toBeUndefined();
  expect(await look("one", (reader) => reader.get("books", ["b1"]))).toBeUndefined();
  expect(await look("one", (reader) => reader.list("books", "s1\0"))).toEqual([]);
});

test("an overlay sees what was written in it, others see the world", async () => {
  await load();
  await write("one", book("b1", "s1", "changed"), book("b0", "s1", "new"));
  expect(await look("one", (reader) => reader.list("books", "s1"))).toMatchObject([
    { title: "new" },
    { title: "changed" },
    { title: "b2" },
  ]);
  expect(await look("two", (reader) => reader.list("books", "s1"))).toMatchObject([{ title: "b1" }, { title: "b2" }]);
});

test("a world of the same name in another domain is another world", async () => {
  await load();
  await loadDocuments(prisma, { domain: "museum", world }, [{ ...book("b1", "s1"), document: { title: "a vase" } }]);
  expect(await look("one", (reader) => reader.get("books", "b1"))).toMatchObject({ title: "b1" });
});

test("what an overlay holds is listed beside what it covers, and forgotten with its calls", async () => {
  await load();
  await write("one", book("b1", "s1", "changed"), book("b0", "s1"));
  const { documents } = await listOverlaidDocuments(prisma, scene());
  expect(documents.sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
    { kind: "books", id: "b0", base: null },
    { kind: "books", id: "b1", document: { title: "changed" }, base: { title: "b1" } },
  ]);
  expect(Object.keys(await readChanged(prisma, scene())).sort()).toEqual(["books/b0", "books/b1"]);
  await write("one", book("b1", "s1"));
  expect(await readChanged(prisma, scene())).toEqual({ "books/b0": book("b0", "s1").document });
  await dropOverlay(prisma, scene());
  expect((await listOverlaidDocuments(prisma, scene())).documents).toEqual([]);
  expect(await prisma.toolEffect.count({ where: scene() })).toBe(0);
  expect(await prisma.worldDocument.count({ where: { world } })).toBe(LIBRARY.length);
});

test("a scene needs a world that is loaded and an overlay of its own", async () => {
  await expect(write("one")).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining("library") });
  await expect(listOverlaidDocuments(prisma, scene())).rejects.toMatchObject({ code: "not_found" });
  await load();
  await expect(write("")).rejects.toMatchObject({ code: "invalid_input" });
});
