import { TRACE_FACETS, type TraceFacet, type TraceFilter } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { createFacetStore, type FacetQuery, facetValues } from "./facetStore.ts";
import { createTraceStore } from "./traceStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let facets: ReturnType<typeof createFacetStore>;
let traces: ReturnType<typeof createTraceStore>;

const HOUR_NS = 3_600_000_000_000n;
const window = { from: String(NOON - HOUR_NS), to: String(NOON + HOUR_NS) };
const plain: FacetQuery = { project: "facets", window, filter: {}, facets: TRACE_FACETS, search: "", keep: [], valuesMax: 100 };

const word = (words: readonly string[], index: number): string => words[index % words.length] ?? "";

/** Sixty traces that differ in every facet: with roots, without, with two, with their values on the root or below it. */
function manyTraces() {
  return Array.from({ length: 60 }, (_, index) => {
    const trace = `f${index}`;
    const given = {
      project: "facets",
      trace,
      service: word(["web", "worker", "a 'quoted' \\ one"], index),
      environment: word(["production", "staging", ""], index),
    };
    const root = aSpan({
      ...given,
      name: word(["chat", "Book a flight"], index),
      kind: word(["task", "agent", "chain"], index) as "task",
      status: index % 7 === 0 ? "error" : "ok",
      atMs: index,
      lastsMs: 100 + index,
      user: index % 2 === 0 ? `user ${index % 5}` : null,
      tags: index % 3 === 0 ? ["größe", "x,y"] : [],
    });
    const call = aSpan({
      ...given,
      id: "llm",
      parent: "root",
      kind: "llm",
      model: word(["gpt-4o", "claude-3-haiku", "gpt-4o-mini"], index),
      agent: word(["planner", "writer"], index),
      release: `v${index % 4}`,
      variant: word(["stable", "candidate", ""], index) || null,
      promptName: index % 4 === 0 ? "greet" : null,
      promptVersion: index % 4 === 0 ? `${index % 3}` : null,
      session: `s-${index % 9}`,
      atMs: index + 1,
      costUsd: index / 1_000,
    });
    const other = aSpan({ ...given, id: "other", kind: "tool", status: "error", atMs: index + 2 });
    if (index % 10 === 0) return [call];
    return index % 11 === 0 ? [root, call, other] : [root, call];
  });
}

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  facets = createFacetStore(clickhouse);
  traces = createTraceStore(clickhouse);
  const spans = manyTraces().flat();
  await storeSpans(clickhouse, spans, 1_000_000);
  await storeSpans(clickhouse, spans.slice(0, 40), 2_000_000);
  await storeSpans(clickhouse, [
    aSpan({ project: "facets", trace: "early", atMs: -2 * 3_600_000, service: "early" }),
    aSpan({ project: "elsewhere", trace: "else", service: "elsewhere" }),
  ]);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

/** The number of traces in the list. */
async function listed(filter: TraceFilter): Promise<number> {
  const page = await traces.list({ project: "facets", window, filter, cursor: null, direction: "older", limit: 200 });
  return page.traces.length;
}

test.each<[string, TraceFilter]>([
  ["no filter", {}],
  ["a status", { status: "error" }],
  ["several statuses", { only: { status: ["ok", "incomplete"] } }],
  ["a model and none of some tags", { model: "gpt-4o", without: { tag: ["größe"] } }],
  ["any of two services, no session of some", { only: { service: ["web", "a 'quoted' \\ one"] }, without: { session: ["s-1", "s-2"] } }],
  ["a kind of root", { only: { kind: ["task", "agent"] } }],
  ["not a kind of root", { without: { kind: ["task"] } }],
  ["a name, a duration and a cost", { name: "BOOK", minDurationMs: 120, minCostUsd: 0.02 }],
  ["text and failed spans", { text: "work", hasErrors: true }],
])("with %s, each value's count is what the list shows when the value is asked for too", async (_what, filter) => {
  const { rows } = await facets.values({ ...plain, filter });
  expect(rows.length).toBeGreaterThan(5);
  for (const { facet, value, traces: count } of rows) {
    const chosen = filter.only?.[facet];
    if (chosen !== undefined && !chosen.includes(value)) continue;
    const asked = { ...filter, only: { ...filter.only, [facet]: [value] } };
    expect(await listed(asked), `${facet} ${value}`).toBe(count);
  }
});

test("without a value, the list shows the traces that do not have it", async () => {
  const all = await listed({});
  for (const { facet, value, traces: count } of (await facets.values({ ...plain, valuesMax: 2 })).rows)
    expect(await listed({ without: { [facet]: [value] } }), `not ${facet} ${value}`).toBe(all - count);
});

/** The values of one facet with their counts. */
async function valuesOf(facet: TraceFacet, given: Partial<FacetQuery> = {}): Promise<[string, number][]> {
  const { rows } = await facets.values({ ...plain, facets: [facet], ...given });
  return rows.map(({ value, traces: count }) => [value, count]);
}

test("a trace counts once for each value it has, however often it was sent", async () => {
  expect(await valuesOf("tag")).toEqual([
    ["größe", 18],
    ["x,y", 18],
  ]);
});

test("a value is one of several of a trace, status and kind are its root's", async () => {
  expect(await valuesOf("status")).toEqual([
    ["ok", 46],
    ["error", 8],
    ["incomplete", 6],
  ]);
  expect(await valuesOf("prompt", { search: "GREET 1" })).toEqual([["greet 1", 5]]);
});

test("the most frequent values come first, chosen ones before them, and how many there are is told", async () => {
  const { rows } = await facets.values({ ...plain, facets: ["session"], keep: ["s-8"], valuesMax: 2 });
  expect(rows.map(({ value, values }) => [value, values])).toEqual([
    ["s-8", 9],
    ["s-0", 9],
  ]);
});

test("of more spans than are looked at one trace in so many is counted whole, and stands for as many", async () => {
  const { rows, oneIn } = await createFacetStore(clickhouse, 50).values({ ...plain, facets: ["status", "service"] });
  expect(oneIn).toBeGreaterThan(2);
  const result = await clickhouse.query({
    query: `SELECT DISTINCT lower(hex(trace_id)) AS id FROM spans WHERE project = 'facets' AND cityHash64(trace_id) % {oneIn:UInt32} = 0`,
    query_params: { oneIn },
    format: "JSONEachRow",
  });
  const counted = new Set((await result.json<{ id: string }>()).map(({ id }) => id));
  const page = await traces.list({ project: "facets", window, filter: {}, cursor: null, direction: "older", limit: 200 });
  const of = (status: string): number =>
    page.traces.filter((trace) => counted.has(trace.traceId) && trace.status === status).length * oneIn;
  expect(of("ok")).toBeGreaterThan(0);
  for (const { value, traces: count } of rows.filter(({ facet }) => facet === "status")) expect(count, value).toBe(of(value));
});

test("what a filter or a search leaves of very many spans is counted whole", async () => {
  const few = createFacetStore(clickhouse, 50);
  const ofModel = await few.values({ ...plain, facets: ["status"], filter: { model: "gpt-4o" } });
  const [ok] = ofModel.rows;
  expect([ofModel.oneIn, ok?.traces]).toEqual([1, await listed({ model: "gpt-4o", status: "ok" })]);
  expect(await few.values({ ...plain, facets: ["prompt"], search: "GREET 1" })).toMatchObject({ oneIn: 1, rows: [{ traces: 5 }] });
});

test("what a person typed is bound, never part of the SQL", () => {
  const nasty = "x') OR 1=1 --";
  const { sql, params } = facetValues({ ...plain, search: nasty, keep: [nasty], filter: { only: { user: [nasty], kind: [nasty] } } });
  expect(sql).not.toContain("1=1");
  expect(params).toMatchObject({ search: nasty, keep: [nasty], only_user: [nasty], only_kind: [nasty] });
});

test("the SQL is as it was reviewed", async () => {
  const filter: TraceFilter = {
    only: { status: ["ok", "error"], kind: ["task"] },
    without: { tag: ["x"] },
    name: "chat",
    minDurationMs: 1,
  };
  await expect(`${facetValues({ ...plain, filter, search: "a" }).sql}\n`).toMatchFileSnapshot("__golden__/facet-values.sql");
});
