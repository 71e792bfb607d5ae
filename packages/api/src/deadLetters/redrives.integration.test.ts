import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;
let letters: ReturnType<typeof createCaller>["deadLetters"];

beforeAll(async () => {
  stores = await startTestStores();
  context = createContext({ ...stores, otlpUrl: "", parts: [] });
  letters = createCaller(context).deadLetters;
});
afterAll(async () => {
  await context[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();
});

test("a redrive of nothing is refused, and so is its dry run", async () => {
  const selection = { kind: "group", fingerprint: "nothing" } as const;
  await expect(letters.dryRun({ selection })).rejects.toMatchObject({ code: "NOT_FOUND", message: "There are no such dead letters." });
  await expect(letters.redrive({ selection, name: "all", reason: "fixed" })).rejects.toThrow("There are no such dead letters.");
  expect([await letters.redrives({}), await letters.rules.list({}), await letters.audit({})]).toEqual([[], [], []]);
});

test("what the store could not keep is refused with its place, whatever it is for, and so is a rate at which nothing would move", async () => {
  const order = { selection: { kind: "group", fingerprint: "nothing" }, name: "all", reason: "fixed" } as const;
  await expect(letters.redrive({ ...order, reason: "a\u0000b" })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    message: "input.reason holds a NUL character or half a surrogate pair.",
  });
  await expect(letters.groups({ filter: { text: "\ud83d" } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(letters.redrive({ ...order, ratePerSecond: 1e-300 })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    message: expect.stringContaining("0.01"),
  });
});

test("a letter is kept as an eval case that says what was asked, where it is from and how it failed, once", async () => {
  const letter = aDeadLetter();
  await using prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  await storeDeadLetters(prisma, [letter]);
  const keep = () => letters.keepAsItem({ id: letter.id, dataset: "failures", split: "dev" });
  expect(await keep()).toEqual({ dataset: "failures", version: 1, items: 1, isNew: true });
  expect(await keep()).toMatchObject({ version: 1, isNew: false });
  const [item] = await prisma.datasetItemRow.findMany();
  expect(item?.content).toMatchObject({
    input: { domain: "airline", world: "tau", message: "Book me a flight." },
    metadata: { deadLetterId: letter.id, failedWith: letter.message },
    source: { traceId: letter.traceId, taskId: letter.taskId },
  });
});

test("a group is kept as eval cases, those that ask the same once, and only those that are new the next time", async () => {
  await using prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  const fingerprint = "abcdef0123456789";
  const asking = (message: string) => {
    const letter = aDeadLetter();
    return { ...letter, fingerprint, payload: { ...letter.payload, message } };
  };
  await storeDeadLetters(prisma, [asking("Cancel it."), asking("Cancel it."), asking("Change it.")]);
  const keep = () => letters.keepGroup({ fingerprint, dataset: "group" });
  expect(await keep()).toEqual({ dataset: "group", version: 1, items: 2, letters: 3, taken: 3, added: 2 });
  await storeDeadLetters(prisma, [asking("Book it.")]);
  expect(await keep()).toEqual({ dataset: "group", version: 2, items: 3, letters: 4, taken: 4, added: 1 });
  await expect(letters.keepGroup({ fingerprint: "nothing", dataset: "group" })).rejects.toThrow(
    "no dead letters of tasks in the group nothing",
  );
});
