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
test("what is there is told before anything is done, and a redrive of nothing is refused", async () => {
  const selection = { kind: "group", fingerprint: "nothing" } as const;
  expect(await letters.dryRun({ selection })).toMatchObject({ letters: 0, redrivable: 0, obstructed: [] });
  await expect(letters.redrive({ selection, name: "all", reason: "fixed" })).rejects.toThrow("There are no such dead letters.");
  expect([await letters.redrives({}), await letters.rules.list({}), await letters.audit({})]).toEqual([[], [], []]);
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
