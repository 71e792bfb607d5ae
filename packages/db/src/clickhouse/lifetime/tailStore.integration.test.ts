import { isSampled, type TailSampling, TailSampling as TailSamplingSchema, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeScores, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { readRows } from "../readRows.ts";
import { createTrendRollups } from "../trends/trendRollups.ts";
import { createTrendStore } from "../trends/trendStore.ts";
import { createTailStore, type TailStore } from "./tailStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let tails: TailStore;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  tails = createTailStore(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const MINUTE_MS = 60_000;
/** A whole minute of now: the verdicts of days ago are deleted when their parts are merged. */
const SINCE_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

const rulesOf = (given: Partial<TailSampling>): TailSampling => TailSamplingSchema.parse({ keepErrors: false, ...given });

async function untilSettled(): Promise<void> {
  while (!(await tails.isSettled())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/**
 * Judges traces that were last heard of in the minute before `minutes` after `SINCE_MS`, and returns the names of the project's remaining traces.
 */
async function judge(project: string, rules: TailSampling, minutes: number) {
  const until = SINCE_MS + minutes * MINUTE_MS;
  const round = { project, from: until - MINUTE_MS, until };
  const verdicts = await tails.decide(round, rules);
  const dropped = await tails.drop(round);
  await untilSettled();
  const reasons = Object.fromEntries(verdicts.map(({ reason, traces }) => [reason, traces]));
  return { reasons, dropped, left: await namesOf(project) };
}

async function namesOf(project: string): Promise<string[]> {
  const sql = "SELECT name FROM spans FINAL WHERE project = {project:String} ORDER BY name";
  return (await readRows(clickhouse, { sql, params: { project } }, z.object({ name: z.string() }))).map(({ name }) => name);
}

const receivedUs = (minutes: number): number => (SINCE_MS + minutes * MINUTE_MS) * 1_000;

test("traces with an error, slow, expensive and low-scored ones stay, the rest goes, whole", async () => {
  const project = "reasons";
  const spans = [
    aSpan({ project, trace: "plain", name: "plain" }),
    aSpan({ project, trace: "plain", id: "child", parent: "root", name: "plain child" }),
    aSpan({ project, trace: "failed", name: "failed" }),
    aSpan({ project, trace: "failed", id: "child", parent: "root", name: "failed child", status: "error" }),
    aSpan({ project, trace: "slow", name: "slow", lastsMs: 2_500 }),
    aSpan({ project, trace: "costly", name: "costly", kind: "llm", costUsd: 0.6 }),
    aSpan({ project, trace: "costly", id: "second", name: "costly second", kind: "llm", costUsd: 0.6 }),
    aSpan({ project, trace: "summed", name: "summed", kind: "agent", costUsd: 0.9 }),
    aSpan({ project, trace: "summed", id: "call", name: "summed call", kind: "llm", costUsd: 0.9 }),
    aSpan({ project, trace: "poor", name: "poor" }),
    aSpan({ project, trace: "good", name: "good" }),
  ];
  await storeSpans(clickhouse, spans, receivedUs(-0.5));
  const score = { project, spanId: null, name: "tone", label: "", explanation: "", scorer: "s", time: new Date(SINCE_MS).toISOString() };
  await storeScores(clickhouse, [
    { ...score, traceId: traceIdOf("poor"), value: 0.2 },
    { ...score, traceId: traceIdOf("good"), value: 0.9 },
  ]);
  const rules = rulesOf({ keepErrors: true, slowerThanMs: 2_000, costlierThanUsd: 1, scoredBelow: 0.5 });
  expect(await judge(project, rules, 0)).toEqual({
    reasons: { error: 1, slow: 1, expensive: 1, "low score": 1, rest: 3 },
    dropped: 5,
    left: ["costly", "costly second", "failed", "failed child", "poor", "slow"],
  });
});

test("what comes later of a trace that was dropped goes too, and what comes of one that was kept stays", async () => {
  const project = "late";
  await storeSpans(
    clickhouse,
    [aSpan({ project, trace: "a", name: "a" }), aSpan({ project, trace: "b", name: "b", status: "error" })],
    receivedUs(-0.5),
  );
  const rules = rulesOf({ keepErrors: true });
  await judge(project, rules, 0);
  const late = [
    aSpan({ project, trace: "a", id: "late", name: "a late", status: "error" }),
    aSpan({ project, trace: "b", id: "late", name: "b late" }),
  ];
  await storeSpans(clickhouse, late, receivedUs(0.5));
  expect(await judge(project, rules, 1)).toMatchObject({ dropped: 1, left: ["b", "b late"] });
});

/** The number of rows with a trace, in each table that has any. */
async function tracesOf(project: string, trace: string): Promise<Record<string, number>> {
  const sql = `SELECT c.table AS name, c.type LIKE 'FixedString%' AS isBinary FROM system.columns AS c JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
WHERE c.database = currentDatabase() AND c.name = 'trace_id' AND t.engine LIKE '%MergeTree' AND t.name IN (SELECT table FROM system.columns WHERE name = 'project')`;
  const tables = await readRows(clickhouse, { sql, params: {} }, z.object({ name: z.string(), isBinary: z.coerce.boolean() }));
  const found: Record<string, number> = {};
  for (const { name, isBinary } of tables) {
    const id = isBinary ? "unhex({id:String})" : "{id:String}";
    const count = { sql: `SELECT count() AS rows FROM ${name} WHERE project = {project:String} AND trace_id = ${id}` };
    const [row] = await readRows(
      clickhouse,
      { ...count, params: { project, id: traceIdOf(trace) } },
      z.object({ rows: z.coerce.number() }),
    );
    if (row?.rows !== 0) found[name] = row?.rows ?? -1;
  }
  return found;
}

test("no table has a trace that was dropped, but for its verdict; not when spans of it come late, either", async () => {
  const project = "nowhere";
  const of = (trace: string, id: string, status: "ok" | "error" = "ok") => aSpan({ project, trace, id, status, user: "ann", session: "s" });
  await storeSpans(clickhouse, [of("gone", "root"), of("gone", "child"), of("kept", "root", "error")], receivedUs(-0.5));
  const kept = await tracesOf(project, "kept");
  expect(kept).toEqual({ spans: 1, trace_times: 1, trace_keys: 2 });
  await judge(project, rulesOf({ keepErrors: true }), 0);
  expect(await tracesOf(project, "gone")).toEqual({ trace_verdicts: 1 });
  await storeSpans(clickhouse, [of("gone", "late")], receivedUs(0.5));
  await judge(project, rulesOf({ keepErrors: true }), 1);
  expect(await tracesOf(project, "gone")).toEqual({ trace_verdicts: 1 });
  expect(await tracesOf(project, "kept")).toEqual({ ...kept, trace_verdicts: 1 });
});

test("what leads to a trace stays while older spans of it do", async () => {
  const project = "partly";
  await storeSpans(clickhouse, [aSpan({ project, trace: "a", id: "old", name: "old", user: "ann" })], receivedUs(-60));
  await storeSpans(clickhouse, [aSpan({ project, trace: "a", name: "new", user: "ann", atMs: 3_600_000 })], receivedUs(-0.5));
  expect(await judge(project, rulesOf({}), 0)).toMatchObject({ dropped: 1, left: ["old"] });
  expect(await tracesOf(project, "a")).toMatchObject({ spans: 1, trace_times: expect.any(Number), trace_keys: expect.any(Number) });
});

test("a trace that goes on is not judged, one that goes on for very long is kept", async () => {
  const project = "open";
  await storeSpans(
    clickhouse,
    [aSpan({ project, trace: "on", name: "on" }), aSpan({ project, trace: "long", name: "long" })],
    receivedUs(-0.5),
  );
  await storeSpans(
    clickhouse,
    [aSpan({ project, trace: "on", id: "next", name: "on next" }), aSpan({ project, trace: "long", id: "2", name: "long 2" })],
    receivedUs(0.5),
  );
  expect(await judge(project, rulesOf({}), 0)).toEqual({ reasons: {}, dropped: 0, left: ["long", "long 2", "on", "on next"] });
  await storeSpans(clickhouse, [aSpan({ project, trace: "long", id: "3", name: "long 3" })], receivedUs(15.5));
  expect(await judge(project, rulesOf({}), 1)).toMatchObject({ reasons: { rest: 1 }, left: ["long", "long 2", "long 3"] });
  expect(await judge(project, rulesOf({}), 16)).toMatchObject({ reasons: { long: 1 }, left: ["long", "long 2", "long 3"] });
});

test("a share of the rest stays, the same that every sender and process would choose", async () => {
  const project = "share";
  const traces = Array.from({ length: 200 }, (_, index) => `t${index}`);
  await storeSpans(
    clickhouse,
    traces.map((trace) => aSpan({ project, trace, name: trace })),
    receivedUs(-0.5),
  );
  const { left } = await judge(project, rulesOf({ restShare: 0.25 }), 0);
  expect(left).toEqual(traces.filter((trace) => isSampled(traceIdOf(trace), 0.25)).sort());
  expect(left.length).toBeGreaterThan(20);
});

/** The ledger's records of a project's dropped spans, by minutes after `SINCE_MS`. */
function told(project: string) {
  const sql = `SELECT intDiv(toUnixTimestamp(minute) - ${SINCE_MS / 1_000}, 60) AS minute, sum(records) AS records, bitmapCardinality(groupBitmapMergeState(fingerprints)) AS rows
FROM ledger WHERE project = {project:String} AND fate = 'deleted' AND reason = 'tail' GROUP BY minute ORDER BY minute`;
  const row = z.object({ minute: z.coerce.number(), records: z.coerce.number(), rows: z.coerce.number() });
  return readRows(clickhouse, { sql, params: { project } }, row);
}

test("the ledger is told of every row that goes, by the minute in which it was received, and once", async () => {
  const project = "told";
  const span = (trace: string, id: string) => aSpan({ project, trace, id });
  await storeSpans(clickhouse, [span("a", "root"), span("a", "child"), span("b", "root")], receivedUs(-0.5));
  await storeSpans(clickhouse, [span("a", "later")], receivedUs(0.2));
  await storeSpans(clickhouse, [span("b", "root")], receivedUs(0.3));
  const expected = [
    { minute: -1, records: 2, rows: 2 },
    { minute: 0, records: 2, rows: 2 },
  ];
  await judge(project, rulesOf({}), 1);
  expect(await told(project)).toEqual(expected);
  await storeSpans(clickhouse, [span("a", "child")], receivedUs(-0.5));
  expect(await judge(project, rulesOf({}), 1)).toMatchObject({ dropped: 1, left: [] });
  expect(await told(project)).toEqual(expected);
});

test("a round that is repeated after a crash changes nothing, and other projects are left alone", async () => {
  const project = "again";
  const other = aSpan({ project: "bystander", trace: "x", name: "bystander" });
  await storeSpans(clickhouse, [aSpan({ project, trace: "x", name: "x" }), other], receivedUs(-0.5));
  const once = await judge(project, rulesOf({}), 0);
  expect(once).toEqual({ reasons: { rest: 1 }, dropped: 1, left: [] });
  expect(await judge(project, rulesOf({}), 0)).toEqual({ reasons: { rest: 1 }, dropped: 0, left: [] });
  expect(await namesOf("bystander")).toEqual(["bystander"]);
});

/** The numbers of traces and model calls in a project's charts. */
async function charted(project: string): Promise<{ traces: number; calls: number }> {
  const rollups = createTrendRollups(clickhouse);
  while ((await rollups.catchUp()) === "more");
  const window = { from: String(NOON), to: String(NOON + 3_600_000_000_000n) };
  const [point] = await createTrendStore(clickhouse).overTime({ project, window, filter: {}, stepSeconds: 3_600 });
  return { traces: point?.traces.count ?? 0, calls: point?.calls.count ?? 0 };
}

test("charts count what is left when the minute after a deletion is over", async () => {
  const project = "charted";
  const call = { id: "call", parent: "root", kind: "llm", atMs: 2 * MINUTE_MS } as const;
  const spans = ["a", "b"].flatMap((trace) => [aSpan({ project, trace }), aSpan({ project, trace, ...call })]);
  await storeSpans(clickhouse, [...spans, aSpan({ project, trace: "kept", status: "error" })], receivedUs(-0.5));
  expect(await charted(project)).toEqual({ traces: 3, calls: 2 });
  await judge(project, rulesOf({ keepErrors: true }), 0);
  await clickhouse.command({
    query: "ALTER TABLE minute_arrivals UPDATE arrived_at = arrived_at - INTERVAL 1 MINUTE WHERE project = 'charted'",
    clickhouse_settings: { mutations_sync: "1" },
  });
  expect(await charted(project)).toEqual({ traces: 1, calls: 0 });
});
