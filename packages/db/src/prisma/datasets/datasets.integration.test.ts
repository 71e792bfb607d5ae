import { type DatasetChange, DatasetItemContent, datasetItemHashes, datasetVersionHash } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { createProject, deleteProject } from "../projects/projectStore.ts";
import { deleteDataset, listDatasets, resolveDataset } from "./datasetStore.ts";
import {
  countDatasetDifferences,
  countDatasetSplits,
  findDatasetItem,
  listDatasetDifferences,
  listDatasetItems,
  streamDatasetItems,
} from "./readDatasetItems.ts";
import { type DatasetWrite, writeDataset } from "./writeDataset.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "p", organisation: "acme", environments: ["production"] }, NOW);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const NOW = new Date("2026-11-27T04:00:00.000Z");

const content = (input: unknown, more: object = {}): DatasetItemContent => DatasetItemContent.parse({ input, ...more });

const put = (id: string | undefined, input: unknown, more: object = {}): DatasetChange => ({
  ...{ kind: "put", content: content(input, more), place: `line of ${input}` },
  ...(id === undefined ? {} : { id }),
});

const write = (name: string, changes: DatasetChange[], more: Partial<DatasetWrite> = {}) =>
  writeDataset(prisma, {
    ...{ project: "p", name, changes: [changes], create: true, duplicates: "skip", note: "", actor: "ann", now: NOW },
    ...more,
  });

/** The inputs of a version's items, in order. */
async function inputsOf(datasetId: string, number: number): Promise<unknown[]> {
  const inputs: unknown[] = [];
  for await (const { input } of streamDatasetItems(prisma, datasetId, number)) inputs.push(input);
  return inputs;
}

test("an edit makes a version of its own, and the one before it stays as it was", async () => {
  const first = await write("edits", [put("a", "one", { split: "dev", metadata: { z: 1, a: 2 } }), put("b", "two"), put("c", "three")]);
  const second = await write("edits", [put("b", "2"), { kind: "remove", id: "c" }, put("d", "four")], { base: 1 });
  expect(second).toMatchObject({ isNew: true, version: { number: 2, items: 3, added: 1, changed: 1, removed: 1, actor: "ann" } });
  expect(await inputsOf(first.datasetId, 1)).toEqual(["one", "two", "three"]);
  expect(await inputsOf(first.datasetId, 2)).toEqual(["one", "2", "four"]);
  const item = await findDatasetItem(prisma, first.datasetId, 2, "a");
  const said = content("one", { split: "dev", metadata: { z: 1, a: 2 } });
  expect(item).toEqual({ id: "a", position: 1, ...datasetItemHashes(said), ...said });
  expect(Object.keys(item?.metadata ?? {})).toEqual(["z", "a"]);
  expect(await findDatasetItem(prisma, first.datasetId, 2, "c")).toBeUndefined();
  expect(await countDatasetSplits(prisma, first.datasetId, 2)).toEqual([
    { split: null, items: 2 },
    { split: "dev", items: 1 },
  ]);
});

test("a version is named by its number and by the hash of its items in their order", async () => {
  const { version } = await write("named", [put("a", "one"), put("b", "two")]);
  expect(version.hash).toBe(datasetVersionHash([content("one"), content("two")].map((said) => datasetItemHashes(said).hash)));
  await write("named", [put("c", "three")]);
  const found = async (choice: Parameters<typeof resolveDataset>[2]["version"]) =>
    (await resolveDataset(prisma, "p", { name: "named", version: choice })).version.number;
  expect(await found({ kind: "latest" })).toBe(2);
  expect(await found({ kind: "number", number: 1 })).toBe(1);
  expect(await found({ kind: "hash", prefix: version.hash.slice(0, 12) })).toBe(1);
  await expect(found({ kind: "number", number: 3 })).rejects.toMatchObject({ code: "not_found", hint: "The latest is named@2." });
  await expect(resolveDataset(prisma, "p", { name: "naned", version: { kind: "latest" } })).rejects.toMatchObject({
    code: "not_found",
    hint: "Do you mean named?",
  });
});

test("an item with the same input and expected output is a duplicate, whatever its metadata, split and source", async () => {
  const first = await write("twice", [
    put(undefined, "one"),
    put(undefined, "one", { split: "dev" }),
    put(undefined, "one", { expectedOutput: 1 }),
  ]);
  expect(first).toMatchObject({ version: { items: 2 }, duplicates: { count: 1, told: [{ place: "line of one" }] } });
  const again = await write("twice", [put(undefined, "one", { source: { traceId: "t", taskId: null } })]);
  expect(again).toMatchObject({ isNew: false, version: { number: 1 }, duplicates: { count: 1 } });
  await expect(write("twice", [put("x", "one")], { duplicates: "refuse" })).rejects.toMatchObject({ code: "conflict" });
  expect(await write("twice", [put("x", "one")], { duplicates: "keep" })).toMatchObject({ version: { number: 2, items: 3 } });
});

test("the same items again make no version, and of a changed file only what changed is written", async () => {
  const items = ["one", "two", "three"].map((input, index) => put(`i${index}`, input));
  const { datasetId } = await write("again", items);
  expect(await write("again", items)).toMatchObject({ isNew: false, unchanged: 3, version: { number: 1 } });
  const changed = await write("again", [put("i0", "one"), put("i1", "zwei"), put("i2", "three")]);
  expect(changed).toMatchObject({ unchanged: 2, version: { number: 2, changed: 1, added: 0 } });
  expect(await prisma.datasetItemRow.count({ where: { datasetId } })).toBe(4);
});

test("a write that fails leaves nothing, not even the dataset", async () => {
  async function* failing() {
    yield [put("a", "one")];
    throw new Error("line 2 is broken");
  }
  await expect(write("broken", [], { changes: failing() })).rejects.toThrow("line 2 is broken");
  await expect(write("broken", [])).rejects.toMatchObject({ code: "invalid_input" });
  await expect(write("broken", [put("a", "one"), put("a", "two")])).rejects.toMatchObject({
    message: "line of two: the id a is given twice.",
  });
  await expect(write("broken", [put("a", "one")], { create: false })).rejects.toMatchObject({ code: "not_found" });
  await expect(write("broken", [put("a", "one")], { project: "nobody" })).rejects.toMatchObject({ code: "not_found" });
  expect((await listDatasets(prisma, "p", 100)).map(({ name }) => name)).not.toContain("broken");
});

test("an edit of a version that is not the latest any more is refused", async () => {
  await write("raced", [put("a", "one")]);
  const edits = await Promise.allSettled([
    write("raced", [put("a", "mine")], { base: 1 }),
    write("raced", [put("a", "yours")], { base: 1 }),
  ]);
  expect(edits.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(write("raced", [{ kind: "remove", id: "z" }])).rejects.toMatchObject({ code: "not_found" });
});

test("two versions are compared item by item, either way round, and one that was changed back is no difference", async () => {
  const { datasetId } = await write("compared", [put("a", "one"), put("b", "two"), put("c", "three")]);
  await write("compared", [put("a", "1"), put("b", "2"), { kind: "remove", id: "c" }]);
  await write("compared", [put("b", "two"), put("d", "four")]);
  expect(await countDatasetDifferences(prisma, datasetId, 1, 3)).toEqual({ added: 1, removed: 1, changed: 1 });
  const forth = await listDatasetDifferences(prisma, datasetId, { before: 1, after: 3, from: 0 }, 10);
  expect(forth.map(({ id, change, before, after }) => [id, change, before?.input, after?.input])).toEqual([
    ["a", "changed", "one", "1"],
    ["c", "removed", "three", undefined],
    ["d", "added", undefined, "four"],
  ]);
  const back = await listDatasetDifferences(prisma, datasetId, { before: 3, after: 1, from: 1 }, 1);
  expect(back.map(({ id, change }) => [id, change])).toEqual([["c", "added"]]);
});

test("a page is narrowed by split and by a text anywhere in an item", async () => {
  const { datasetId } = await write("searched", [
    put("a", { question: 'Say "hello"\nplease' }, { split: "dev" }),
    put("b", "Hello", { split: "test" }),
    put("c", "bye", { metadata: { note: "100% HELLO" } }),
  ]);
  const found = async (filter: Parameters<typeof listDatasetItems>[3], rowsMax = 10) =>
    (await listDatasetItems(prisma, datasetId, 1, filter, rowsMax)).map(({ id }) => id);
  expect(await found({ text: "hello" })).toEqual(["a", "b", "c"]);
  expect(await found({ text: '"hello"\np' })).toEqual(["a"]);
  expect(await found({ text: "100%" })).toEqual(["c"]);
  expect(await found({ text: "hello", split: "test" })).toEqual(["b"]);
  expect(await found({ after: 1 }, 1)).toEqual(["b"]);
});

test("a version is never changed, and goes with its project alone", async () => {
  await createProject(prisma, { name: "doomed", organisation: "acme", environments: ["production"] }, NOW);
  const { datasetId } = await write("kept", [put("a", "one")], { project: "doomed" });
  const refused = "never changed";
  await expect(prisma.datasetVersionRow.updateMany({ where: { datasetId }, data: { note: "other" } })).rejects.toThrow(refused);
  await expect(prisma.datasetItemRow.updateMany({ where: { datasetId }, data: { content: {} } })).rejects.toThrow(refused);
  await write("kept", [put("a", "two")], { project: "doomed" });
  await expect(prisma.datasetItemRow.updateMany({ where: { datasetId, id: "a" }, data: { until: 9 } })).rejects.toThrow(refused);
  await deleteProject(prisma, "doomed");
  expect(await prisma.datasetItemRow.count({ where: { datasetId } })).toBe(0);
});

test("an item of 8,000 is edited with one row, and all of them are read some at a time", async () => {
  const batches = Array.from({ length: 8 }, (_, batch) => Array.from({ length: 1_000 }, (_, index) => put(undefined, `${batch}/${index}`)));
  const told: number[] = [];
  const { datasetId } = await write("large", [], { changes: batches, written: (changes) => told.push(changes) });
  expect([told.at(0), told.at(-1)]).toEqual([1_000, 8_000]);
  const [, second] = await listDatasetItems(prisma, datasetId, 1, {}, 2);
  await write("large", [put(second?.id, "edited")]);
  expect(await prisma.datasetItemRow.count({ where: { datasetId } })).toBe(8_001);
  const inputs = await inputsOf(datasetId, 2);
  expect([inputs.length, inputs[0], inputs[1], inputs.at(-1)]).toEqual([8_000, "0/0", "edited", "7/999"]);
});

test("a dataset goes with its versions, unless an eval run is of it", async () => {
  for (const name of ["old", "older"]) await write(name, [put("a", "one")]);
  await write("old", [put("b", "two")]);
  const run = { project: "p", name: "r", actor: "ann", createdAt: NOW, plan: { dataset: "older@1" } };
  const { id } = await prisma.evalRunRow.create({ data: { id: crypto.randomUUID(), ...run } });
  await expect(deleteDataset(prisma, "p", "older")).rejects.toMatchObject({
    code: "conflict",
    message: "Dataset older stays: it is what 1 eval run asked about.",
  });
  expect(await deleteDataset(prisma, "p", "old")).toMatchObject({ name: "old", latest: { number: 2 } });
  await expect(deleteDataset(prisma, "p", "old")).rejects.toMatchObject({ code: "not_found" });
  await prisma.evalRunRow.delete({ where: { id } });
  expect(await deleteDataset(prisma, "p", "older")).toMatchObject({ name: "older" });
});
