import { AnnotationKind, type AnnotationQueue, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClickHouse, createScoreReader } from "../clickhouse/index.ts";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma } from "../prisma/index.ts";
import { CLAIM_MS } from "./annotationItems.ts";
import {
  addAnnotationItems,
  claimAnnotationItem,
  createAnnotationQueue,
  labelAnnotationItem,
  listAnnotationDisagreements,
  listAnnotations,
  publishAnnotations,
  readAnnotationProgress,
  requireAnnotationQueueNamed,
  settleAnnotationItem,
  skipAnnotationItem,
  undoAnnotation,
} from "./index.ts";

let stores: TestStores;
let prisma: ReturnType<typeof createPrisma>;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const NOON = Date.parse("2026-11-27T12:00:00.000Z");
const at = (seconds: number): Date => new Date(NOON + seconds * 1_000);

/** A queue of the project `default`, with traces of these names. */
async function aQueue(name: string, traces: string[], more: { overlap?: number; kind?: AnnotationKind } = {}): Promise<AnnotationQueue> {
  const asked = { project: "default", name, question: "Was it polite?", scoreName: "polite", instructions: "" };
  const queue = await createAnnotationQueue(
    prisma,
    { ...asked, kind: AnnotationKind.parse({ type: "pass_fail" }), overlap: 1, ...more },
    { createdBy: "ann", now: at(0) },
  );
  await add(queue, traces);
  return queue;
}

const add = (queue: AnnotationQueue, traces: string[]) =>
  addAnnotationItems(
    prisma,
    queue.id,
    traces.map((trace) => ({ traceId: traceIdOf(trace), spanId: null })),
    { addedBy: "ann", now: at(0) },
  );

const next = (queue: AnnotationQueue, person: string, seconds: number, except: string[] = []) =>
  claimAnnotationItem(prisma, queue, { person, except, now: at(seconds) });

async function label(queue: AnnotationQueue, person: string, value: number, seconds: number): Promise<string> {
  const item = await next(queue, person, seconds);
  await labelAnnotationItem(prisma, queue, { itemId: item?.id ?? "", person, value, note: "", now: at(seconds) });
  return item?.traceId ?? "";
}

const progressOf = async ({ id }: AnnotationQueue) => (await readAnnotationProgress(prisma, [id]))(id);

test("a trace is in a queue once, and a queue's name is its project's own", async () => {
  const queue = await aQueue("once", ["a", "b"]);
  expect(await add(queue, ["b", "c", "c"])).toEqual({ added: 1 });
  expect(await progressOf(queue)).toMatchObject({ items: 3, done: 0 });
  await expect(aQueue("once", [])).rejects.toMatchObject({ code: "conflict" });
  await expect(requireAnnotationQueueNamed(prisma, "default", "onse")).rejects.toMatchObject({ hint: "Do you mean once?" });
});

test("two people at once are given different items, until as many label each as should", async () => {
  const queue = await aQueue("shared", ["a", "b", "c"]);
  const given = await Promise.all(["ann", "bob", "cid", "dan"].map((person) => next(queue, person, 0)));
  expect(given.flatMap((item) => (item === undefined ? [] : [item.traceId])).sort()).toEqual(["a", "b", "c"].map(traceIdOf).sort());
  // An expired claim goes to somebody else.
  expect(await next(queue, "eve", CLAIM_MS / 1_000 + 1)).toMatchObject({ traceId: traceIdOf("a") });
});

test("a person is given what they hold, then what they have not said anything of", async () => {
  const queue = await aQueue("own", ["a", "b", "c"], { overlap: 2 });
  const first = await next(queue, "ann", 0);
  expect(await next(queue, "ann", 1)).toEqual(first);
  expect((await next(queue, "ann", 1, [first?.id ?? ""]))?.traceId).toBe(traceIdOf("b"));
  await label(queue, "ann", 1, 2);
  await skipAnnotationItem(prisma, queue, {
    itemId: (await next(queue, "ann", 3))?.id ?? "",
    person: "ann",
    note: "no answer",
    now: at(3),
  });
  expect((await next(queue, "ann", 4))?.traceId).toBe(traceIdOf("c"));
  expect([await label(queue, "bob", 1, 5), await label(queue, "cid", 1, 5)]).toEqual([traceIdOf("a"), traceIdOf("b")]);
  expect(await progressOf(queue)).toEqual({ items: 3, done: 1, labels: 3, skips: 1, disagreements: 0 });
  await label(queue, "ann", 0, 6);
  expect(await next(queue, "ann", 7)).toBeUndefined();
});

test("labels become scores of the trace, once however often they are told, and go when they are taken back", async () => {
  const queue = await aQueue("told", ["t1", "t2"]);
  const scores = createScoreReader(clickhouse);
  const told = async (trace: string) =>
    (await scores.ofTrace("default", traceIdOf(trace), 10)).map(({ name, value, label: text, scorer }) => [name, value, text, scorer]);
  const traceId = await label(queue, "ann", 0, 10);
  expect(traceId).toBe(traceIdOf("t1"));
  expect((await publishAnnotations(prisma, clickhouse)).published).toBeGreaterThan(0);
  expect(await publishAnnotations(prisma, clickhouse)).toEqual({ published: 0, isMore: false });
  expect(await told("t1")).toEqual([["polite", 0, "fail", "person:ann"]]);

  const undone = await undoAnnotation(prisma, queue.id, { person: "ann", now: at(11) });
  expect(undone).toMatchObject({ item: { traceId }, annotation: { value: 0, label: "fail" } });
  await publishAnnotations(prisma, clickhouse);
  expect(await told("t1")).toEqual([]);
  expect(await undoAnnotation(prisma, queue.id, { person: "ann", now: at(11) })).toBeUndefined();

  await label(queue, "ann", 1, 12);
  await publishAnnotations(prisma, clickhouse);
  expect(await told("t1")).toEqual([["polite", 1, "pass", "person:ann"]]);
});

test("what people disagree about is listed, and a final label settles it", async () => {
  const queue = await aQueue("argued", ["d1", "d2"], { overlap: 2 });
  for (const [person, value] of [
    ["ann", 1],
    ["bob", 0],
  ] as const) {
    await label(queue, person, value, 20);
    await label(queue, person, 1, 21);
  }
  const found = await listAnnotationDisagreements(prisma, queue.id, { skip: 0, rowsMax: 10 });
  expect(found.map(({ item, annotations }) => [item.traceId, annotations.map(({ person, label: text }) => `${person} ${text}`)])).toEqual([
    [traceIdOf("d1"), ["ann pass", "bob fail"]],
  ]);
  const itemId = found[0]?.item.id ?? "";
  for (const [person, value] of [
    ["eve", 0],
    ["fay", 1],
  ] as const)
    await settleAnnotationItem(prisma, queue, { itemId, person, value, note: "", now: at(30) });
  expect(await progressOf(queue)).toMatchObject({ done: 2, disagreements: 0 });
  await publishAnnotations(prisma, clickhouse);
  const scores = await createScoreReader(clickhouse).ofTrace("default", traceIdOf("d1"), 10);
  expect(scores.map(({ scorer, value }) => `${scorer} ${value}`).sort()).toEqual(["adjudicated 1", "person:ann 1", "person:bob 0"]);
  const all = await listAnnotations(prisma, queue.id, 100);
  expect(all.map(({ person, isFinal }) => `${person}${isFinal ? " last" : ""}`)).toEqual(["ann", "bob", "fay last", "ann", "bob"]);
});

test("what is no answer to the question is refused", async () => {
  const kind = AnnotationKind.parse({ type: "scale", from: 1, to: 5 });
  const queue = await aQueue("answers", ["a"], { kind });
  const item = await next(queue, "ann", 0);
  const say = (value: number, itemId = item?.id ?? "") =>
    labelAnnotationItem(prisma, queue, { itemId, person: "ann", value, note: "", now: at(0) });
  await expect(say(6)).rejects.toMatchObject({ code: "invalid_input", message: "6 is no answer to this question." });
  await expect(say(Number.NaN)).rejects.toMatchObject({ code: "invalid_input" });
  await expect(say(3, queue.id)).rejects.toMatchObject({ code: "not_found" });
});
