import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { registerAgentVersion } from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import { agentVersionOf, newId } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

let stores: TestStores;
let context: Context & AsyncDisposable;
let replays: ReturnType<typeof createCaller>["replays"];

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  context = createContext({ ...stores, clickhouseUrl: "http://127.0.0.1:9", otlpUrl: "", parts: [] });
  replays = createCaller(context).replays;
});
afterAll(async () => {
  await context?.[Symbol.asyncDispose]();
  await stores?.[Symbol.asyncDispose]();
});

test("a replay that is asked for is listed with its task, and waits for a worker", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(context.state, [letter]);
  const { taskId } = letter;
  const replay = await replays.start({ taskId, plan: { tools: { think: [{ output: "no" }] } } });
  expect(replay).toMatchObject({ taskId, status: "pending", plan: { mode: "recorded", from: 1, against: null } });
  expect(await replays.list({ taskId })).toEqual([replay]);
  expect(await replays.get({ id: replay.id })).toEqual({ ...replay, report: null });
});

test("what cannot be replayed is refused at once, with the reason", async () => {
  await expect(replays.start({ taskId: newId(), plan: {} })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(replays.start({ taskId: newId(), plan: { model: "gpt-4o" } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  const effects = { mode: "live", allowsEffects: true } as const;
  const letter = aDeadLetter();
  await storeDeadLetters(context.state, [letter]);
  await expect(replays.start({ taskId: letter.taskId, plan: effects, reason: " " })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(replays.get({ id: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("one that waits is cancelled, once", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(context.state, [letter]);
  const { id } = await replays.start({ taskId: letter.taskId, plan: {} });
  expect(await replays.cancel({ id, reason: "not needed" })).toBe(1);
  expect(await replays.get({ id })).toMatchObject({ status: "cancelled", error: { message: expect.stringContaining("not needed") } });
  await expect(replays.cancel({ id, reason: "again" })).rejects.toMatchObject({ code: "CONFLICT" });
});

test("a group is replayed together once a dry run says how many, and is counted as it goes", async () => {
  const fingerprint = "fedcba9876543210";
  await storeDeadLetters(context.state, [aDeadLetter({ fingerprint }), aDeadLetter({ fingerprint })]);
  const { batches } = replays;
  expect(await batches.dryRun({ fingerprint })).toEqual({ tasks: 2, replayable: 2, refused: [], isTooMany: false });
  expect(await batches.dryRun({ fingerprint, against: "9.9.9+00000000" })).toMatchObject({
    ...{ replayable: 0, refused: [{ tasks: 2, message: expect.stringContaining("9.9.9") }] },
  });
  const { batchId } = await batches.start({ fingerprint, plan: {} });
  const batch = await batches.get({ id: batchId });
  expect(batch).toMatchObject({
    origin: { fingerprint },
    wanted: 2,
    replays: 2,
    counts: { pending: 2, identical: 0 },
    plan: { mode: "recorded", against: null },
  });
  expect(await batches.ofGroup({ fingerprint })).toEqual([batch]);
  const { replays: first, next } = await batches.replays({ id: batchId, limit: 1 });
  expect([first.length, (await batches.replays({ id: batchId, cursor: next })).next]).toEqual([1, null]);
  expect(await replays.cancel({ id: batchId, reason: "not needed" })).toBe(2);
  expect((await batches.replays({ id: batchId, share: "cancelled" })).replays).toHaveLength(2);
  await expect(batches.start({ fingerprint: "nothing", plan: {} })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a group goes live from its beginning; with effects outside, its number is typed and the reason is on record", async () => {
  const fingerprint = "0a0b0c0d0e0f0a0b";
  await storeDeadLetters(context.state, [aDeadLetter({ fingerprint }), aDeadLetter({ fingerprint })]);
  const { batches } = replays;
  expect(await batches.dryRun({ fingerprint, mode: "live" })).toMatchObject({ tasks: 2, replayable: 2 });
  await expect(batches.start({ fingerprint, plan: { mode: "live", from: 2 } })).rejects.toMatchObject({
    message: expect.stringContaining("from their beginning"),
  });
  const order = { fingerprint, plan: { mode: "live", model: "gpt-5", allowsEffects: true } as const, reason: "a try" };
  for (const confirmation of [undefined, "3"])
    await expect(batches.start({ ...order, confirmation })).rejects.toMatchObject({
      message: expect.stringContaining("These are 2 tasks"),
    });
  const { batchId } = await batches.start({ ...order, confirmation: "2" });
  expect(await batches.get({ id: batchId })).toMatchObject({
    plan: { mode: "live", from: 1, model: "gpt-5", allowsEffects: true },
    wanted: 2,
  });
  expect(await context.state.auditRow.findMany({ where: { subject: batchId } })).toMatchObject([{ act: "replay_asked", reason: "a try" }]);
  await replays.cancel({ id: batchId, reason: "not needed" });
});

test("a replay is kept as an eval case that says what the task was asked and which replay it was, once", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(context.state, [letter]);
  const { taskId } = letter;
  const { id } = await replays.start({ taskId, plan: {} });
  const keep = () => replays.keepAsItem({ id, dataset: "replays", split: "dev" });
  expect(await keep()).toEqual({ dataset: "replays", version: 1, items: 1, isNew: true });
  expect(await keep()).toMatchObject({ version: 1, isNew: false });
  const [item] = await context.state.datasetItemRow.findMany();
  expect(item?.content).toMatchObject({
    input: { domain: "airline", world: "tau", message: "Book me a flight." },
    metadata: { task: "book a flight", replayId: id, mode: "recorded" },
    ...{ split: "dev", source: { traceId: letter.traceId, taskId } },
  });
  await expect(replays.keepAsItem({ id: newId(), dataset: "replays" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a version is offered with whether a worker of its build is there", async () => {
  const version = agentVersionOf({
    ...{ code: "1.0.0", planner: "rules", unclear: "refuse", model: null, prompts: {}, promptHashes: {} },
    ...{ understanding: { classifier: "local", models: {} }, tools: { names: {}, hash: "h" } },
  });
  await registerAgentVersion(context.state, version, { now: new Date(0), isServed: false });
  expect(await replays.versions()).toEqual([{ name: version.name, isHere: false }]);
});
