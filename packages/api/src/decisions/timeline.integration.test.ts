import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { aDeadLetter, storeDeadLetters, storeSteps } from "@signalbox/db/testing";
import { newId, type Step } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;
let decisions: ReturnType<typeof createCaller>["decisions"];

const LETTER = aDeadLetter();
const STEPS: Step[] = Array.from({ length: 2_100 }, (_, index) => ({
  ...{ step: index + 1, attempt: 1, startedUs: 1_000_000, finishedUs: 2_500_000, modelUse: null },
  stage: { kind: "move", input: {}, output: { kind: "reply", content: `reply ${index + 1}`, reason: "to answer" } },
}));

beforeAll(async () => {
  stores = await startTestStores();
  context = createContext({ ...stores, otlpUrl: "", parts: [] });
  decisions = createCaller(context).decisions;
  await storeDeadLetters(context.state, [LETTER]);
});
afterAll(async () => {
  await context[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();
});

test("a dead task is told from its request to its end, with the letter that it became", async () => {
  await storeSteps(context.state, LETTER.taskId, STEPS.slice(0, 1));
  const { task, letters, moments, conversation, facts, chain, isTruncated } = await decisions.timeline({ taskId: LETTER.taskId });
  expect(task).toMatchObject({ id: LETTER.taskId, name: "book a flight", status: "dead" });
  expect(letters).toEqual([{ id: LETTER.id, run: 1 }]);
  expect(moments.map(({ key }) => key)).toEqual(["d0", "1", "d1"]);
  expect(moments[1]?.step).toEqual({ number: 1, kind: "move", durationMs: 1_500, modelUse: null });
  expect(conversation).toEqual([
    { value: { kind: "user", content: "Book me a flight." }, since: 0, until: null },
    { value: { kind: "reply", content: "reply 1" }, since: 1, until: null },
  ]);
  expect(facts.filter(({ value: { name } }) => name === "status").map(({ value, since }) => [value.value, since])).toEqual([
    ["queued", 0],
    ["running", 1],
    ["dead", 2],
  ]);
  expect([chain, isTruncated]).toEqual([{ kind: "whole" }, false]);
});

test("a task that is longer than anybody looks at is told as far as it goes, and says so", async () => {
  await storeSteps(context.state, LETTER.taskId, STEPS.slice(1));
  const { moments, isTruncated } = await decisions.timeline({ taskId: LETTER.taskId });
  expect([moments.length, isTruncated]).toEqual([2_002, true]);
});

test("a task of nobody, or of another project, is not there", async () => {
  await expect(decisions.timeline({ taskId: newId() })).rejects.toThrow("There is no task");
  await expect(decisions.timeline({ project: "shop", taskId: LETTER.taskId })).rejects.toThrow("in project shop");
});
