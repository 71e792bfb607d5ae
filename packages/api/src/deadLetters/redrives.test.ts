import { startTestStores, type TestStores } from "@signalbox/db/embedded";
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
