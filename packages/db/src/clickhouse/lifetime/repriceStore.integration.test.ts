import { estimateCostUsd, type Span } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, type SpanOutlines, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { readRows } from "../readRows.ts";
import { createRepriceStore, type ModelPrice, type RepriceStore } from "./repriceStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let costs: RepriceStore;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  costs = createRepriceStore(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const DAY = "2026-11-23";
const DAY_MS = 86_400_000;
const usage = { input: 1_000, output: 100, cached: 400, reasoning: null };
const PRICES: ModelPrice[] = [{ model: "new-model", price: { input: 2, output: 10, cached: 0.5, cacheWrite: 2.5 } }];

const aCall = (project: string, id: string, given: SpanOutlines = {}): Span =>
  aSpan({ project, id, name: id, kind: "llm", model: "new-model", usage, ...given });

async function repriceAll(project: string, prices = PRICES): Promise<number> {
  let spans = 0;
  for (const { day } of await costs.days(project, "2026-01-01")) {
    const changed = (await costs.preview(project, day, prices)).reduce((sum, { spans }) => sum + spans, 0);
    await costs.reprice(project, day, prices, changed);
    spans += changed;
  }
  return spans;
}

/** The costs of a project's spans, by span name; estimates are marked. */
async function costOf(project: string): Promise<Record<string, string>> {
  const sql = `SELECT name, concat(ifNull(toString(cost_usd), 'none'), if(cost_is_estimate, '~', '')) AS cost FROM spans FINAL WHERE project = {project:String}`;
  const rows = await readRows(clickhouse, { sql, params: { project } }, z.object({ name: z.string(), cost: z.string() }));
  return Object.fromEntries(rows.map(({ name, cost }) => [name, cost]));
}

test("calls of a model that got a price are priced as the collector would, reported costs and sums stay", async () => {
  const project = "priced";
  await storeSpans(clickhouse, [
    aCall(project, "plain"),
    aCall(project, "written", { attributes: { "gen_ai.usage.cache_creation.input_tokens": "100" } }),
    aCall(project, "langfuse", { attributes: { "langfuse.observation.usage_details": '{"cache_creation_input_tokens":100}' } }),
    aCall(project, "langsmith", { attributes: { "langsmith.usage_metadata": '{"input_token_details":{"cache_creation":100}}' } }),
    aCall(project, "wrong estimate", { costUsd: 7, costIsEstimate: true }),
    aCall(project, "reported", { costUsd: 7 }),
    aCall(project, "sum", { kind: "agent" }),
    aCall(project, "uncounted", { usage: { input: null, output: null, cached: null, reasoning: null } }),
    aCall(project, "unknown", { model: "other-model" }),
    aCall(project, "no price any more", { model: "other-model", costUsd: 7, costIsEstimate: true }),
  ]);
  expect(await costs.days(project, DAY)).toEqual([{ day: DAY, models: expect.arrayContaining(["new-model", "other-model"]) }]);
  expect(await costs.preview(project, DAY, PRICES)).toEqual([
    { model: "new-model", spans: 5, usdBefore: 7, usdAfter: expect.closeTo(0.0024 * 2 + 0.00245 * 3, 9) },
    { model: "other-model", spans: 1, usdBefore: 7, usdAfter: 0 },
  ]);
  expect(await repriceAll(project)).toBe(6);
  const [{ price }] = PRICES as [ModelPrice];
  const cost = (cacheWrite: number): string => `${estimateCostUsd({ ...usage, cacheWrite }, price)}~`;
  expect(await costOf(project)).toEqual({
    plain: cost(0),
    written: cost(100),
    langfuse: cost(100),
    langsmith: cost(100),
    "wrong estimate": cost(0),
    reported: "7",
    sum: "none",
    uncounted: "none",
    unknown: "none",
    "no price any more": "none",
  });
  expect(await repriceAll(project)).toBe(0);
});

test("a version of a span that comes later stands, and one that is repriced stands in the place of the version that it was made of", async () => {
  const project = "versions";
  const receivedUs = Date.now() * 1_000;
  await storeSpans(clickhouse, [aCall(project, "call")], receivedUs - 2_000_000);
  await storeSpans(clickhouse, [aCall(project, "call", { usage: { ...usage, output: 200 } })], receivedUs - 1_000_000);
  expect(await repriceAll(project)).toBe(1);
  expect(await costOf(project)).toEqual({ call: "0.0034~" });
  const latest =
    "SELECT name, toString(cost_usd) AS cost FROM spans WHERE project = {project:String} ORDER BY received_at DESC, cost_usd NULLS FIRST LIMIT 1";
  const [row] = await readRows(
    clickhouse,
    { sql: latest, params: { project } },
    z.object({ name: z.string(), cost: z.string().nullable() }),
  );
  expect(row).toEqual({ name: "call", cost: "0.0034" });
  await storeSpans(clickhouse, [aCall(project, "call", { costUsd: 1 })], receivedUs);
  expect(await costOf(project)).toEqual({ call: "1" });
  expect(await repriceAll(project)).toBe(0);
});

test("a cost that is right is left alone, however small it is", async () => {
  const project = "small costs";
  const prices = [
    { model: "small-embedding", price: { input: 0.02, output: 0 } },
    { model: "tiny-embedding", price: { input: 0.0005, output: 0 } },
  ];
  const embeddings = prices.flatMap(({ model, price }) =>
    [1, 3, 5, 6, 12, 24, 48, 49, 1_000_003].map((input) => {
      const costUsd = estimateCostUsd({ input, output: 0, cached: null, cacheWrite: null }, price);
      const usage = { input, output: 0, cached: null, reasoning: null };
      return aCall(project, `${input} tokens of ${model}`, { kind: "embedding", model, usage, costUsd, costIsEstimate: true });
    }),
  );
  await storeSpans(clickhouse, embeddings);
  expect(await costs.preview(project, DAY, prices)).toEqual([]);
});

test("each day is priced by itself, and other projects are left alone", async () => {
  const project = "days";
  await storeSpans(clickhouse, [aCall(project, "early"), aCall(project, "late", { atMs: 2 * DAY_MS }), aCall("bystander", "other")]);
  expect((await costs.days(project, "2026-01-01")).map(({ day }) => day)).toEqual([DAY, "2026-11-25"]);
  expect((await costs.days(project, "2026-11-24")).map(({ day }) => day)).toEqual(["2026-11-25"]);
  await costs.reprice(project, "2026-11-25", PRICES, 1);
  expect(await costOf(project)).toEqual({ early: "none", late: "0.0024~" });
  expect(await costOf("bystander")).toEqual({ other: "none" });
});
