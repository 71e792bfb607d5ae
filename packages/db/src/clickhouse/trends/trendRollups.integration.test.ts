import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../../testing/index.ts";
import { createBenchStore } from "../bench/benchStore.ts";
import { type Traffic, trafficPieces } from "../bench/benchTraffic.ts";
import { createClickHouse } from "../client.ts";
import { createTrendRollups } from "./trendRollups.ts";
import { createTrendStore } from "./trendStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let trends: ReturnType<typeof createTrendStore>;
beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  trends = createTrendStore(clickhouse);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const HOUR_NS = 3_600_000_000_000n;
const window = { from: String(NOON - 2n * HOUR_NS), to: String(NOON + 2n * HOUR_NS) };

async function catchUp(): Promise<void> {
  const rollups = createTrendRollups(clickhouse);
  while ((await rollups.catchUp()) === "more");
}

/** A project's chart by the hour. */
async function hours(project: string, filter = {}) {
  const points = await trends.overTime({ project, window, filter, stepSeconds: 3_600 });
  return points.map(({ atMs, traces, calls }) => ({ hour: (atMs - Number(NOON / 1_000_000n)) / 3_600_000, traces, calls }));
}

const call = (given: object) => aSpan({ id: "call", parent: "root", kind: "llm", model: "m1", ...given });

test("a span sent again counts once, and an update takes the place of what was counted", async () => {
  const project = "again";
  const usage = { input: 10, output: 5, cached: null, reasoning: null };
  await storeSpans(clickhouse, [aSpan({ project, lastsMs: 100 }), call({ project, usage, costUsd: 0.5 })], 1_000_000);
  await catchUp();
  await storeSpans(clickhouse, [aSpan({ project, lastsMs: 100 }), call({ project, usage, costUsd: 0.5 })], 2_000_000);
  await catchUp();
  expect(await hours(project)).toMatchObject([
    { hour: 0, traces: { count: 1, errors: 0 }, calls: { count: 1, inputTokens: 10, outputTokens: 5, costUsd: 0.5, withoutCost: 0 } },
  ]);
  await storeSpans(clickhouse, [aSpan({ project, status: "error", lastsMs: 200 }), call({ project, usage, model: "m2" })], 3_000_000);
  await catchUp();
  const [point] = await hours(project);
  expect(point).toMatchObject({ traces: { count: 1, errors: 1 }, calls: { count: 1, costUsd: 0, withoutCost: 1 } });
  expect((point?.traces.msP50 ?? 0) / 200).toBeCloseTo(1, 1);
  expect(await hours(project, { model: "m1" })).toEqual([]);
  expect(await hours(project, { model: "m2" })).toMatchObject([{ traces: { count: 0 }, calls: { count: 1 } }]);
});

test("a span that tells another start is counted there alone", async () => {
  const project = "moved";
  await storeSpans(clickhouse, [aSpan({ project })], 1_000_000);
  await catchUp();
  await storeSpans(clickhouse, [aSpan({ project, atMs: 3_600_000 })], 2_000_000);
  await catchUp();
  expect(await hours(project)).toMatchObject([{ hour: 1, traces: { count: 1 } }]);
});

test("a call is counted until another one inside it arrives, in whatever minute", async () => {
  const project = "wrapped";
  const inner = call({ project, id: "inner", parent: "call", atMs: 120_000, costUsd: 1 });
  await storeSpans(clickhouse, [aSpan({ project }), call({ project, costUsd: 1 })]);
  await catchUp();
  await storeSpans(clickhouse, [inner]);
  await catchUp();
  expect(await hours(project)).toMatchObject([{ calls: { count: 1, costUsd: 1 } }]);
});

test("the costliest models come first, of one service if asked", async () => {
  const project = "costly";
  const of = (id: string, model: string, costUsd: number, service: string) => call({ project, id, model, costUsd, service });
  await storeSpans(clickhouse, [of("a", "cheap", 1, "s1"), of("b", "dear", 5, "s2"), of("c", "cheap", 2, "s2")]);
  await catchUp();
  const models = async (filter: object) =>
    (await trends.costliestModels({ project, window, filter, stepSeconds: 3_600 }, 10)).map(({ model, costUsd }) => [model, costUsd]);
  expect(await models({})).toEqual([
    ["dear", 5],
    ["cheap", 3],
  ]);
  expect(await models({ service: "s1" })).toEqual([["cheap", 1]]);
});

test("what has arrived and is in no sum yet is told, and nothing is once it is", async () => {
  const project = "behind";
  await storeSpans(clickhouse, [aSpan({ project }), call({ project })]);
  expect(await trends.behind(project, window)).toBe(2);
  await catchUp();
  expect(await trends.behind(project, window)).toBe(0);
});

/** One row per span, the latest, whatever its start; calls that wrap another are left out. */
const TRUTH = `WITH latest AS (
  SELECT trace_id, span_id, argMax((parent_span_id, kind, status, input_tokens, output_tokens, cost_usd), received_at) AS said
  FROM spans WHERE project = {project:String} GROUP BY trace_id, span_id
), calls AS (
  SELECT * FROM latest WHERE said.2 = 'llm' AND (trace_id, span_id) NOT IN (SELECT trace_id, said.1 FROM latest WHERE said.2 = 'llm')
)
SELECT (SELECT count() FROM latest WHERE said.1 = toFixedString('', 8)) AS traces,
  (SELECT count() FROM latest WHERE said.1 = toFixedString('', 8) AND said.3 = 'error') AS failedTraces,
  count() AS calls, countIf(said.3 = 'error') AS failedCalls, sum(said.4) AS input, sum(said.5) AS output, toString(sum(said.6)) AS cost
FROM calls`;

const SUMMED = `SELECT sumIf(count, subject = 'trace') AS traces, sumIf(errors, subject = 'trace') AS failedTraces, sumIf(count, subject = 'call') AS calls,
  sumIf(errors, subject = 'call') AS failedCalls, sum(input_tokens) AS input, sum(output_tokens) AS output, toString(sum(cost_usd)) AS cost
FROM trend_rollups FINAL WHERE project = {project:String} AND unit = {unit:String} AND subject IN ('trace', 'call')`;

const OF_EVERY = SUMMED.replace("IN ('trace', 'call')", "IN ('every trace', 'every call')").replaceAll("subject = '", "subject = 'every ");

test("with a twentieth sent again and a twentieth updated the sums equal the spans' own to the last one", async () => {
  const traffic: Traffic = { project: "traffic", seed: 3, spans: 25_000, fromMs: Number(NOON / 1_000_000n), days: 2 };
  const rows = async (query: string, unit: string) => {
    const result = await clickhouse.query({ query, query_params: { project: "traffic", unit }, format: "JSONEachRow" });
    return result.json();
  };
  const store = createBenchStore(clickhouse);
  for (const piece of trafficPieces(traffic)) {
    await store.makeTraffic(traffic, piece);
    if (piece.version === 0) await createTrendRollups(clickhouse).catchUp();
  }
  await catchUp();
  const truth = await rows(TRUTH, "");
  expect(truth).not.toMatchObject([{ traces: "0" }]);
  expect(await rows(SUMMED, "minute")).toEqual(truth);
  expect(await rows(SUMMED, "hour")).toEqual(truth);
  expect(await rows(OF_EVERY, "minute")).toEqual(truth);
  expect(await rows(OF_EVERY, "hour")).toEqual(truth);
});
