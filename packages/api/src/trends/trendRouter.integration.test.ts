import { createClickHouse, createTrendRollups } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import { type Context, createContext } from "../context.ts";

const NOON_MS = Number(NOON / 1_000_000n);
const HOUR_MS = 3_600_000;

let stores: TestStores;
let context: Context & AsyncDisposable;
/** A project's sums at ten past two. */
const overview = (project: string, given: object = {}) =>
  createCaller({ ...context, now: () => NOON_MS + 2 * HOUR_MS + 10 * 60_000 }).trends.overview({
    project,
    range: { kind: "last", ms: 6 * HOUR_MS },
    ...given,
  });

const usage = { input: 100, output: 10, cached: null, reasoning: null };
const call = (project: string, id: string, atMs: number, given: object = {}) =>
  aSpan({ project, trace: id, id: "call", parent: "root", kind: "llm", atMs, usage, ...given });

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  context = createContext({ ...stores, otlpUrl: "", parts: [] });
  await using clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeSpans(clickhouse, [
    aSpan({ project: "shop", trace: "a", atMs: 0, lastsMs: 1_000 }),
    aSpan({ project: "shop", trace: "b", atMs: HOUR_MS + 60_000, lastsMs: 3_000, status: "error", service: "other" }),
    // In the previous window: at 8:05, and at 8:20, which is past the elapsed part.
    aSpan({ project: "shop", trace: "c", atMs: -4 * HOUR_MS + 5 * 60_000 }),
    aSpan({ project: "shop", trace: "d", atMs: -4 * HOUR_MS + 20 * 60_000 }),
    ...["dear", "m2", "m3", "m4", "m5", "m6", "m7"].map((model, index) =>
      call("shop", "a", 10 + index, { id: model, model, costUsd: 7 - index }),
    ),
    call("shop", "b", HOUR_MS + 60_001, { model: "dear", costUsd: 0.5, service: "other" }),
    call("shop", "b", HOUR_MS + 60_002, { id: "unpriced", model: "local" }),
    aSpan({ project: "weeks", trace: "w", atMs: 0 }),
  ]);
  const rollups = createTrendRollups(clickhouse);
  while ((await rollups.catchUp()) === "more");
});
afterAll(async () => {
  await context[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();
});

test("points are of whole steps, the chosen width if it fits", async () => {
  const { window, stepSeconds, points } = await overview("shop", { stepSeconds: 3_600 });
  expect(stepSeconds).toBe(3_600);
  const hourOf = (ns: string | number) => (Number(ns) / 1e6 - NOON_MS) / HOUR_MS;
  expect([hourOf(window.from), hourOf(window.to)]).toEqual([-4, 3]);
  expect(points.map(({ atMs, traces, calls }) => [hourOf(atMs * 1e6), traces.count, traces.errors, calls.count])).toEqual([
    [-4, 2, 0, 0],
    [0, 1, 0, 7],
    [1, 1, 1, 2],
  ]);
  expect((await overview("shop", { stepSeconds: 604_800 })).stepSeconds).toBe(300);
});

test("totals have quantiles of their own, and tell which cost is unknown", async () => {
  const { totals } = await overview("shop", { range: { kind: "last", ms: 3 * HOUR_MS } });
  expect(totals.traces).toMatchObject({ count: 2, errors: 1 });
  expect((totals.traces.msP50 ?? 0) / 1_000).toBeCloseTo(1, 1);
  expect(totals.calls).toMatchObject({ count: 9, inputTokens: 900, outputTokens: 90, costUsd: 28.5, withoutCost: 1 });
});

test("the time before is compared as far as this one has come, also where a step has only begun", async () => {
  const { stepSeconds, before } = await overview("shop", { range: { kind: "last", ms: 5 * HOUR_MS }, stepSeconds: 3_600 });
  expect([stepSeconds, before.totals.traces.count]).toEqual([3_600, 1]);
  expect(before.points.map(({ traces }) => traces.count)).toEqual([2]);
});

test("the costliest models are told over time, and all others together", async () => {
  const { models, costliest, costs } = await overview("shop", { range: { kind: "last", ms: 3 * HOUR_MS }, stepSeconds: 3_600 });
  expect(models.map(({ model, costUsd }) => [model, costUsd])).toEqual([
    ["dear", 7.5],
    ["m2", 6],
    ["m3", 5],
    ["m4", 4],
    ["m5", 3],
    ["m6", 2],
    ["m7", 1],
    ["local", 0],
  ]);
  expect(costliest).toEqual(["dear", "m2", "m3", "m4", "m5"]);
  expect(costs.map(({ costsUsd, restUsd }) => [costsUsd, restUsd])).toEqual([
    [[7, 6, 5, 4, 3], 3],
    [[0.5, 0, 0, 0, 0], 0],
  ]);
});

test("a condition on a service or a model holds for points and totals", async () => {
  const asked = { range: { kind: "last", ms: 3 * HOUR_MS } };
  const ofService = await overview("shop", { ...asked, filter: { service: "other" } });
  expect([ofService.totals.traces.count, ofService.totals.calls.count]).toEqual([1, 1]);
  expect(ofService.services).toEqual([
    { service: "test", count: 9 },
    { service: "other", count: 2 },
  ]);
  const ofModel = await overview("shop", { ...asked, filter: { model: "dear" } });
  expect([ofModel.totals.traces.count, ofModel.totals.calls.costUsd]).toEqual([0, 7.5]);
});

test("the engine's weeks begin where the window's do", async () => {
  const { window, points, stepSeconds } = await overview("weeks", { range: { kind: "last", ms: 390 * 86_400_000 }, stepSeconds: 604_800 });
  expect(stepSeconds).toBe(604_800);
  expect(points.map(({ atMs }) => (atMs - Number(window.from) / 1e6) % 604_800_000)).toEqual([0]);
});

test("a project without anything has no point and no total", async () => {
  expect(await overview("nothing")).toMatchObject({
    points: [],
    models: [],
    services: [],
    costs: [],
    totals: { traces: { count: 0, msP50: null }, calls: { costUsd: 0 } },
  });
});
