import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { aSpan } from "@signalbox/db/testing";
import { DatasetItemContent, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import type { Context } from "../context.ts";

let stores: TestStores;
let context: Context;

const TRACE = traceIdOf("t");
const said = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
const asking = (input: string, answer: string) => [
  { ...aSpan({ name: "chat", kind: "llm" }), inputMessages: said("user", input), outputMessages: said("assistant", answer) },
];
/** The messages of some traces; any other trace has no spans. */
const TALKS: Record<string, readonly object[]> = {
  [traceIdOf("cat")]: asking("May I bring my cat?", "Yes."),
  [traceIdOf("cat again")]: asking("May I bring my cat?", "Yes."),
  [traceIdOf("bird")]: asking("May I bring my bird?", "No."),
};
const spans = [
  {
    ...aSpan({ id: "chat", name: "chat", kind: "llm" }),
    inputMessages: said("user", "May I bring my dog?"),
    outputMessages: [
      { role: "assistant", parts: [{ type: "tool_call" as const, id: "1", name: "find_rule", arguments: '{"animal":"dog"}' }] },
      ...said("assistant", "Small dogs fly in the cabin."),
    ],
  },
];

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  const state = createPrisma(stores.databaseUrl);
  const traces = {
    talkingSpans: async (_: string, traceId: string) => ({ spans: traceId === TRACE ? spans : (TALKS[traceId] ?? []), isTruncated: false }),
  };
  const decisions = { byTrace: async () => [] };
  context = { state, bulk: state, traces, decisions, now: Date.now } as unknown as Context;
});
afterAll(async () => {
  await context.state.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const datasets = () => createCaller(context).datasets;
const item = (input: string, more: object = {}) => DatasetItemContent.parse({ input, ...more });

test("a trace is kept as what was asked, answered and called, and kept again it is a duplicate", async () => {
  const kept = await datasets().ofTrace({ traceId: TRACE });
  expect(kept).toMatchObject({
    input: "May I bring my dog?",
    expectedOutput: "Small dogs fly in the cabin.",
    expectedToolCalls: [{ name: "find_rule", arguments: { animal: "dog" } }],
    source: { traceId: TRACE, taskId: null },
  });
  expect(await datasets().add({ name: "kept", items: [kept] })).toMatchObject({ isNew: true, version: { number: 1, items: 1 } });
  expect(await datasets().add({ name: "kept", items: [kept] })).toMatchObject({ isNew: false, duplicates: { count: 1 } });
  await expect(datasets().ofTrace({ traceId: traceIdOf("other") })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("of several traces what is new is added as one version; what is there, and what is no item, is told by trace", async () => {
  const [dog, cat, again, bird, silent] = [TRACE, ...["cat", "cat again", "bird", "silent"].map(traceIdOf)] as [string, ...string[]];
  const first = await datasets().addTraces({ name: "pets", traceIds: [dog, cat ?? "", silent ?? ""] });
  expect(first).toMatchObject({ added: 2, version: { number: 1, items: 2, note: "kept from 2 traces" }, duplicates: { count: 0 } });
  expect(first.left).toEqual([{ traceId: silent, why: "No span of this trace has what a user said." }]);

  const { items } = await datasets().items({ name: "pets" });
  const ofCat = items.find(({ input }) => input === "May I bring my cat?");
  const second = await datasets().addTraces({ name: "pets", traceIds: [again ?? "", bird ?? ""] });
  expect(second).toMatchObject({ added: 1, version: { number: 2, items: 3 }, left: [] });
  expect(second.duplicates).toEqual({ count: 1, told: [{ traceId: again, of: ofCat?.id }] });
  const none = await datasets().addTraces({ name: "pets", traceIds: [dog, cat ?? ""] });
  expect(none).toMatchObject({ added: 0, version: { number: 2, items: 3 }, duplicates: { count: 2 } });

  const asked = await datasets().addTraces({ name: "asked", traceIds: [cat ?? "", again ?? ""], isAnswerRight: false });
  expect(asked).toMatchObject({ added: 1, duplicates: { count: 1 } });
  const [item] = (await datasets().items({ name: "asked" })).items;
  expect(item).toMatchObject({ input: "May I bring my cat?", expectedOutput: null, expectedToolCalls: null, source: { traceId: cat } });

  const nothing = datasets().addTraces({ name: "silent", traceIds: [silent ?? ""] });
  await expect(nothing).rejects.toMatchObject({
    code: "BAD_REQUEST",
    message: expect.stringContaining("None of these traces can be an item"),
  });
  expect((await datasets().list({})).map(({ name }) => name)).not.toContain("silent");
});

test("an edit makes a version, pages are read on, and what differs is counted whole", async () => {
  await datasets().add({ name: "edited", items: ["a", "b", "c"].map((input) => item(input, { split: "dev" })) });
  const { items, next } = await datasets().items({ name: "edited", limit: 2 });
  expect(items.map(({ input }) => input)).toEqual(["a", "b"]);
  expect((await datasets().items({ name: "edited", limit: 2, cursor: next })).items.map(({ input }) => input)).toEqual(["c"]);
  const id = items[0]?.id ?? "";
  const changes = [
    { kind: "put" as const, id, content: item("A") },
    { kind: "put" as const, content: item("d") },
  ];
  expect(await datasets().edit({ name: "edited", base: 1, changes })).toMatchObject({ version: { number: 2, items: 4 } });
  await expect(datasets().edit({ name: "edited", base: 1, changes })).rejects.toMatchObject({ code: "CONFLICT" });
  const same = [{ kind: "put" as const, content: item("d") }];
  await expect(datasets().edit({ name: "edited", base: 2, changes: same })).rejects.toMatchObject({ code: "CONFLICT" });

  const diff = await datasets().diff({ name: "edited", before: "1", after: "latest", limit: 1 });
  expect(diff).toMatchObject({ before: 1, after: 2, counts: { added: 1, changed: 1, removed: 0 }, differences: [{ id }], next: 1 });
  expect((await datasets().item({ name: "edited", id, version: "1" })).item.input).toBe("a");
  expect((await datasets().version({ name: "edited", version: "1" })).splits).toEqual([{ split: "dev", items: 3 }]);
  await expect(datasets().version({ name: "edited", version: "newest" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("a dataset is made empty or of a file, whose wrong lines are told, and then nothing is made", async () => {
  const text = '{"input":"a"}\n{"expectedOutput":"x"}\n{"input":"c"}\n';
  const made = datasets().create({ name: "made", file: { name: "made.jsonl", text } });
  await expect(made).rejects.toMatchObject({
    code: "BAD_REQUEST",
    message: expect.stringContaining("made.jsonl, line 2: input is missing"),
  });
  expect((await datasets().list({})).map(({ name }) => name)).not.toContain("made");

  const file = { name: "made.csv", text: "input,expectedOutput\r\na,1\r\nb,2\r\na,1\r\n" };
  const { written } = await datasets().create({ name: "made", description: "three rows", file });
  expect(written).toMatchObject({ version: { number: 1, items: 2, note: "imported from made.csv" }, duplicates: { count: 1 } });
  expect((await datasets().version({ name: "made" })).dataset.description).toBe("three rows");
  await expect(datasets().create({ name: "made" })).rejects.toMatchObject({ code: "CONFLICT" });

  expect(await datasets().create({ name: "empty" })).toEqual({ written: null });
  const changes = [{ kind: "put" as const, content: item("first") }];
  expect(await datasets().edit({ name: "empty", base: 0, changes })).toMatchObject({ version: { number: 1, items: 1 } });
});
