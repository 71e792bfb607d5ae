import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { newId, type Score, type TimeWindow, type TraceFilter, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aChain, aSpan, NOON, storeDecisions, storeScores, storeSpans, wordSpanId } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { createDecisionReader } from "../decisions/decisionReader.ts";
import type { Statement } from "../readRows.ts";
import { createScoreReader } from "../scores/scoreReader.ts";
import { deleteScore } from "../scores/scoreStore.ts";
import { countTraces } from "./traceCounts.ts";
import { foundKeys, type TraceKey, traceHistogram } from "./traceList.ts";
import type { TracePage } from "./tracePages.ts";
import { createTraceStore } from "./traceStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let traces: ReturnType<typeof createTraceStore>;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  traces = createTraceStore(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const HOUR_NS = 3_600_000_000_000n;
const window = { from: String(NOON - HOUR_NS), to: String(NOON + HOUR_NS) };

/** A page of a project's list. */
function list(
  project: string,
  given: { filter?: TraceFilter; cursor?: TraceKey | null; limit?: number; direction?: "older" | "newer"; window?: TimeWindow } = {},
) {
  return traces.list({ project, window, filter: {}, cursor: null, limit: 50, direction: "older", ...given });
}

/** The names of the traces that pass a filter. */
async function namesOf(project: string, filter: TraceFilter): Promise<string[]> {
  const page = await list(project, { filter });
  return page.traces.map((trace) => trace.name);
}

test("the list goes newest first, and its pages join without gap or repetition", async () => {
  const project = "pages";
  const roots = Array.from({ length: 7 }, (_, index) =>
    aSpan({ project, trace: `p${index}`, name: `p${index}`, atMs: Math.floor(index / 2) }),
  );
  await storeSpans(clickhouse, roots);

  const all = await list(project);
  const paged: string[] = [];
  let cursor: TraceKey | null = null;
  do {
    const page = await list(project, { cursor, limit: 2 });
    paged.push(...page.traces.map((trace) => trace.traceId));
    cursor = page.next;
  } while (cursor !== null);
  expect(paged).toEqual(all.traces.map((trace) => trace.traceId));
  expect(paged).toHaveLength(7);
  expect(all.traces[0]?.name).toBe("p6");
});

test("the page on the newer side of a trace begins with its neighbour", async () => {
  const project = "neighbours";
  await storeSpans(
    clickhouse,
    [0, 1, 2, 3].map((index) => aSpan({ project, trace: `n${index}`, name: `n${index}`, atMs: index })),
  );
  const { traces: shown } = await list(project);
  const middle = shown.find((trace) => trace.name === "n1") ?? null;
  expect((await list(project, { cursor: middle, direction: "newer", limit: 1 })).traces.map((trace) => trace.name)).toEqual(["n2"]);
  expect((await list(project, { cursor: middle, direction: "older", limit: 1 })).traces.map((trace) => trace.name)).toEqual(["n0"]);
});

test("a span sent twice counts once, and what arrived last holds", async () => {
  const project = "twice";
  const call = aSpan({
    project,
    id: "call",
    parent: "root",
    kind: "llm",
    usage: { input: 10, output: 5, cached: null, reasoning: null },
    costUsd: 0.01,
  });
  await storeSpans(clickhouse, [aSpan({ project, name: "early" }), call], 1_000_000);
  await storeSpans(clickhouse, [aSpan({ project, name: "late", status: "error" }), call], 2_000_000);
  const { traces: shown } = await list(project);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({ name: "late", status: "error", spans: 2, inputTokens: 10, outputTokens: 5 });
  expect(shown[0]?.costUsd).toBeCloseTo(0.01, 9);
  expect((await traces.outline(project, traceIdOf("t"), 10))?.spans).toHaveLength(2);
});

test("a span that was sent again with another start is one span, where it was said last", async () => {
  const project = "moved";
  const call = aSpan({ project, id: "call", parent: "root", kind: "llm", costUsd: 0.01, atMs: 5 });
  await storeSpans(clickhouse, [aSpan({ project, name: "early", atMs: 20 }), call], 1_000_000);
  await storeSpans(
    clickhouse,
    [aSpan({ project, name: "late", atMs: 2 }), { ...call, startTimeUnixNano: String(NOON + 7_000_000n) }],
    2_000_000,
  );
  const { traces: shown } = await list(project);
  expect(shown.map(({ name, spans, costUsd }) => [name, spans, costUsd])).toEqual([["late", 2, 0.01]]);
  const trace = await traces.trace(project, traceIdOf("t"), 10);
  expect(trace?.summary).toEqual(shown[0]);
  expect(trace?.spans.map((span) => BigInt(span.startTimeUnixNano) - NOON)).toEqual([2_000_000n, 7_000_000n]);
  expect((await traces.span(project, call.traceId, call.spanId))?.startTimeUnixNano).toBe(String(NOON + 7_000_000n));
});

test("a trace is found by what its spans say last, not by what they said before", async () => {
  const project = "updated";
  await storeSpans(clickhouse, [aSpan({ project, name: "before", status: "error", tags: ["old"], user: "u1" })], 1_000_000);
  await storeSpans(clickhouse, [aSpan({ project, name: "after", tags: ["new"], user: "u2" })], 2_000_000);
  for (const filter of [{ name: "before" }, { status: "error" }, { hasErrors: true }, { tag: "old" }, { user: "u1" }] as const)
    expect(await namesOf(project, filter), JSON.stringify(filter)).toEqual([]);
  for (const filter of [{ name: "after" }, { status: "ok" }, { tag: "new" }, { user: "u2" }] as const)
    expect(await namesOf(project, filter), JSON.stringify(filter)).toEqual(["after"]);
});

test("the pages of a user's list join without gap or repetition, within an hour and across days, in both directions", async () => {
  const project = "own-pages";
  const at = [0, 1, 2, 3_600_000, 3_600_001, 86_400_000, -86_400_000];
  await storeSpans(
    clickhouse,
    at.flatMap((atMs, index) => [
      aSpan({ project, trace: `u${index}`, name: `u${index}`, user: "ada", atMs }),
      aSpan({ project, trace: `u${index}`, id: "late", parent: "root", user: "ada", atMs: atMs + 7_200_000 }),
      aSpan({ project, trace: `other${index}`, user: "bob", atMs }),
    ]),
  );
  const wide = { from: String(NOON - 100n * HOUR_NS), to: String(NOON + 100n * HOUR_NS) };
  const walk = async (direction: "older" | "newer"): Promise<string[]> => {
    const names: string[] = [];
    let cursor: TraceKey | null = null;
    do {
      const query = { project, window: wide, filter: { user: "ada" }, cursor, direction, limit: 2 };
      const page = await traces.list(query);
      names.push(...page.traces.map(({ name }) => name));
      cursor = page.next;
    } while (cursor !== null);
    return names;
  };
  const newestFirst = ["u5", "u4", "u3", "u2", "u1", "u0", "u6"];
  expect(await walk("older")).toEqual(newestFirst);
  expect(await walk("newer")).toEqual(newestFirst.toReversed());
});

test("a trace of 30,000 model calls, every second one inside another, is summed within the memory of a query", async () => {
  const id = "reinterpretAsFixedString(toUInt64(number + 1))";
  const parent = "reinterpretAsFixedString(toUInt64(if(number % 2 = 1, number, 0)))";
  await clickhouse.command({
    query: `INSERT INTO spans (project, trace_id, span_id, parent_span_id, name, kind, status, start_time, end_time, cost_usd, received_at)
SELECT 'many calls', unhex({traceId:String}), ${id}, ${parent}, 'call', 'llm', 'ok', fromUnixTimestamp64Nano({noon:Int64}), fromUnixTimestamp64Nano({noon:Int64}), 0.001, now64(6)
FROM numbers(30000)`,
    query_params: { traceId: traceIdOf("many"), noon: String(NOON) },
  });
  expect((await list("many calls")).traces).toMatchObject([{ spans: 30_000, costUsd: 15 }]);
});

test("a model call that wraps another is not counted twice", async () => {
  const project = "wrapped";
  const usage = { input: 100, output: 20, cached: null, reasoning: null };
  await storeSpans(clickhouse, [
    aSpan({ project, kind: "agent", usage, costUsd: 1 }),
    aSpan({ project, id: "outer", parent: "root", kind: "llm", model: "m", usage, costUsd: 1 }),
    aSpan({ project, id: "inner", parent: "outer", kind: "llm", model: "m", usage, costUsd: 1, costIsEstimate: true }),
    aSpan({ project, id: "embed", parent: "root", kind: "embedding", model: "e", usage: { ...usage, output: null } }),
  ]);
  expect((await list(project)).traces[0]).toMatchObject({
    inputTokens: 200,
    outputTokens: 20,
    costUsd: 1,
    costIsEstimate: true,
    spansWithoutCost: 1,
    models: ["e", "m"],
  });
});

test("tokens that no span told are unknown, not none", async () => {
  const project = "untold";
  const told = (input: number | null, output: number | null) => ({ input, output, cached: null, reasoning: null });
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "both", kind: "llm", usage: told(3, 0), atMs: 2 }),
    aSpan({ project, trace: "input", kind: "llm", usage: told(12, null), atMs: 1 }),
    aSpan({ project, trace: "none" }),
  ]);
  const sums = (await list(project)).traces.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
  expect(sums).toEqual([
    [3, 0],
    [12, null],
    [null, null],
  ]);
});

test("a trace previews what its root span was asked last it arrived, cut in whole characters", async () => {
  const project = "preview";
  const asked = (content: string) =>
    ["system", "user"].map((role) => ({ role, parts: [{ type: "text" as const, content: `${role} ${content}` }] }));
  await storeSpans(
    clickhouse,
    [aSpan({ project, inputMessages: asked("early") }), aSpan({ project, trace: "silent", atMs: 1 })],
    1_000_000,
  );
  await storeSpans(clickhouse, [aSpan({ project, inputMessages: asked("東".repeat(300)) })], 2_000_000);
  const { traces: shown } = await list(project);
  expect(shown.map((trace) => trace.preview)).toEqual([null, `user ${"東".repeat(195)}`]);
});

test("a trace without a root is listed under its earliest span, once, and says so", async () => {
  const project = "rootless";
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "rooted", name: "rooted", atMs: 10 }),
    aSpan({ project, trace: "rooted", id: "child", parent: "root", atMs: 40 }),
    aSpan({ project, trace: "lost", id: "second", parent: "gone", name: "second", atMs: 30, lastsMs: 5 }),
    aSpan({ project, trace: "lost", id: "first", parent: "gone", name: "first", atMs: 5, lastsMs: 5 }),
  ]);
  const { traces: shown } = await list(project);
  expect(shown.map(({ name, status, spans }) => ({ name, status, spans }))).toEqual([
    { name: "rooted", status: "ok", spans: 2 },
    { name: "first", status: "incomplete", spans: 2 },
  ]);
  expect(BigInt(shown[1]?.endTimeUnixNano ?? 0) - NOON).toBe(35_000_000n);

  const firstPage = await list(project, { limit: 1 });
  const secondPage = await list(project, { limit: 1, cursor: firstPage.next });
  expect([...firstPage.traces, ...secondPage.traces].map((trace) => trace.name)).toEqual(["rooted", "first"]);
  expect(await namesOf(project, { status: "incomplete" })).toEqual(["first"]);
  expect(await namesOf(project, { status: "ok" })).toEqual(["rooted"]);
});

test("a trace without a root is as long as all of its spans make it, though they are of different slices of the window", async () => {
  const project = "rootless-long";
  const last = { id: "last", parent: "gone", atMs: 50 * 60_000 };
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "long", id: "first", parent: "gone", name: "long", atMs: -50 * 60_000 }),
    aSpan({ project, trace: "long", ...last }),
    aSpan({ project, trace: "short", id: "first", parent: "gone", name: "short", atMs: -49 * 60_000 }),
    aSpan({ project, trace: "other", ...last }),
  ]);
  for (const direction of ["older", "newer"] as const) {
    const { traces: shown } = await list(project, { filter: { minDurationMs: 60 * 60_000 }, direction });
    expect([direction, shown.map(({ name }) => name)]).toEqual([direction, ["long"]]);
  }
});

test("a trace without a root is listed once, however long it has been going on", async () => {
  const project = "rootless-for-hours";
  const wide = { from: String(NOON - 20n * HOUR_NS), to: window.to };
  await storeSpans(
    clickhouse,
    [-18, -10, -3, 0].map((hour) => aSpan({ project, id: `at ${hour}`, parent: "gone", atMs: hour * 3_600_000 })),
  );
  const shown = [];
  for (let cursor: TraceKey | null | undefined; cursor !== null; ) {
    const page: TracePage = await list(project, { window: wide, limit: 1, cursor: cursor ?? null });
    shown.push(...page.traces);
    cursor = page.next;
  }
  expect(shown.map(({ name, spans }) => [name, spans])).toEqual([["work at -18", 4]]);
});

test("a trace is listed once also where several of its spans were roots before they told a parent", async () => {
  const project = "former-roots";
  const both = (parent?: string) =>
    [0, 5].map((atMs) => aSpan({ project, id: `at ${atMs}`, atMs, ...(parent === undefined ? {} : { parent }) }));
  await storeSpans(clickhouse, both(), 1_000_000);
  await storeSpans(clickhouse, both("lost"), 2_000_000);
  expect((await list(project)).traces.map(({ status, spans }) => [status, spans])).toEqual([["incomplete", 2]]);
});

test("a trace has a root also where the root lies outside of the window, and arrived apart from its other spans", async () => {
  const project = "rooted-elsewhere";
  const wide = { from: String(NOON - 4n * HOUR_NS), to: window.to };
  // Merged, each row would already know what only all of them together should tell.
  await clickhouse.command({ query: "SYSTEM STOP MERGES trace_times" });
  try {
    await storeSpans(clickhouse, [aSpan({ project, atMs: -6 * 3_600_000 })]);
    await storeSpans(clickhouse, [aSpan({ project, id: "child", parent: "root", atMs: -3_000_000 })]);
    expect((await list(project, { window: wide })).traces).toEqual([]);
    expect(await traces.histogram(project, wide, {}, 2)).toEqual([]);
  } finally {
    await clickhouse.command({ query: "SYSTEM START MERGES trace_times" });
  }
});

test("a trace and a span whose ids end in a zero byte are found as any other", async () => {
  const project = "zero-byte";
  const words = Array.from({ length: 5_000 }, (_, index) => `w${index}`);
  const trace = words.find((word) => traceIdOf(word).endsWith("00")) ?? "";
  const id = words.find((word) => wordSpanId(trace, word).endsWith("00")) ?? "";
  await storeSpans(clickhouse, [aSpan({ project, trace, name: "zero" }), aSpan({ project, trace, id, parent: "root", atMs: 1 })]);
  expect((await list(project)).traces.map(({ name, spans }) => [name, spans])).toEqual([["zero", 2]]);
  expect(await countTraces(clickhouse, project, [traceIdOf(trace)])).toMatchObject([{ spans: 2, spanRows: 2 }]);
  expect((await traces.outline(project, traceIdOf(trace), 10))?.spans).toHaveLength(2);
  expect(await traces.span(project, traceIdOf(trace), wordSpanId(trace, id))).not.toBeNull();
  expect(await namesOf(project, { text: traceIdOf(trace) })).toEqual(["zero"]);
});

test("a trace with two roots is listed once, where it began", async () => {
  const project = "two-roots";
  await storeSpans(clickhouse, [aSpan({ project, name: "first" }), aSpan({ project, id: "other", name: "second", atMs: 20 })]);
  expect(await namesOf(project, {})).toEqual(["first"]);
});

test("every filter lets through what it says and nothing else", async () => {
  const project = "filters";
  const said = (content: string) => [{ role: "user", parts: [{ type: "text" as const, content }] }];
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "a", name: "Book a flight", session: "s-1", user: "ada", tags: ["größe", "x"], lastsMs: 500 }),
    aSpan({
      project,
      trace: "a",
      id: "llm",
      parent: "root",
      kind: "llm",
      model: "gpt-4o",
      costUsd: 0.5,
      inputMessages: said('say "héllo"\nnow'),
    }),
    aSpan({ project, trace: "b", name: "Cancel", status: "error", lastsMs: 50 }),
    aSpan({ project, trace: "c", name: "Rebook", atMs: 1 }),
    aSpan({
      project,
      trace: "c",
      id: "tool",
      parent: "root",
      kind: "tool",
      status: "error",
      tool: { name: "find", callId: "1", arguments: "{}", result: "Größe 42" },
    }),
  ]);
  const expected: [TraceFilter, string[]][] = [
    [{}, ["Rebook", "Cancel", "Book a flight"]],
    [{ status: "error" }, ["Cancel"]],
    [{ status: "ok" }, ["Rebook", "Book a flight"]],
    [{ hasErrors: true }, ["Rebook", "Cancel"]],
    [{ name: "BOOK" }, ["Rebook", "Book a flight"]],
    [{ session: "s-1" }, ["Book a flight"]],
    [{ user: "ada" }, ["Book a flight"]],
    [{ tag: "größe" }, ["Book a flight"]],
    [{ model: "gpt-4o" }, ["Book a flight"]],
    [{ minDurationMs: 500 }, ["Book a flight"]],
    [{ minCostUsd: 0.5 }, ["Book a flight"]],
    [{ minCostUsd: 0.51 }, []],
    [{ text: '"HÉLLO"\nnow' }, ["Book a flight"]],
    [{ text: "größe 42" }, ["Rebook"]],
    [{ text: traceIdOf("b") }, ["Cancel"]],
    [{ text: "100%' OR 1=1 --" }, []],
    [{ words: "NOW say" }, ["Book a flight"]],
    [{ words: "sa" }, []],
    [{ words: "say later" }, []],
    [{ name: "book", hasErrors: true }, ["Rebook"]],
  ];
  for (const [filter, names] of expected) {
    expect((await namesOf(project, filter)).toSorted(), JSON.stringify(filter)).toEqual(names.toSorted());
    expect(await traces.isAny(project, window, filter), JSON.stringify(filter)).toBe(names.length > 0);
  }
});

test("traces are found by their own scores: the newest of a scorer counts, a span's does not", async () => {
  const project = "scored";
  await storeSpans(
    clickhouse,
    ["good", "bad", "corrected", "elsewhere", "unscored"].map((name, atMs) => aSpan({ project, trace: name, name, atMs, user: "ada" })),
  );
  const aScore = (trace: string, value: number, more: Partial<Score> = {}): Score => ({
    ...{ project, traceId: traceIdOf(trace), spanId: null, name: "reward", value, label: "", explanation: "", scorer: "rule:r@1" },
    ...{ time: "2026-11-23T12:00:00.000Z", ...more },
  });
  await storeScores(clickhouse, [
    aScore("good", 1),
    aScore("good", 0.2, { name: "tone" }),
    aScore("bad", 0.2),
    aScore("bad", 0.9, { scorer: "person:ada" }),
    aScore("corrected", 0),
    aScore("elsewhere", 0, { spanId: wordSpanId("elsewhere", "root") }),
  ]);
  await storeScores(clickhouse, [aScore("corrected", 0.7, { time: "2026-11-23T12:00:01.000Z" })]);
  const low = { name: "reward", comparison: "<", limit: 0.5 } as const;
  const expected: [TraceFilter, string[]][] = [
    [{ scores: [low] }, ["bad"]],
    [{ scores: [{ ...low, comparison: ">=", limit: 0.7 }] }, ["corrected", "bad", "good"]],
    [
      {
        scores: [
          { ...low, comparison: "=", limit: 1 },
          { name: "tone", comparison: "<=", limit: 0.2 },
        ],
      },
      ["good"],
    ],
    [{ scores: [{ ...low, name: "' OR 1=1 --" }] }, []],
    [{ scores: [low], user: "ada" }, ["bad"]],
    [{ scores: [low], user: "ada", name: "good" }, []],
    [{ scores: [low], status: "ok" }, ["bad"]],
  ];
  for (const [filter, names] of expected) expect(await namesOf(project, filter), JSON.stringify(filter)).toEqual(names);
  expect(await traces.histogram(project, window, { scores: [low] }, 1)).toEqual([{ bucket: 0, traces: 1, failed: 0 }]);
  expect(await createScoreReader(clickhouse).names(project, 10)).toEqual(["reward", "tone"]);
});

test("of a hundred thousand scores those are read that were told since the window begins, late ones and those by another clock too", async () => {
  const project = "scored-for-long";
  await clickhouse.command({
    query: `INSERT INTO scores (project, trace_id, span_id, name, value, scorer, time)
SELECT '${project}', lower(hex(sipHash128(number))), '', 'reward', 0, 'rule:r@1', fromUnixTimestamp64Milli(toInt64(${NOON / 1_000_000n} - 172800000 - number * 10000), 'UTC') FROM numbers(100000)`,
  });
  const words = ["at once", "weeks later", "by another clock", "improved", "worse", "taken back", "of two minds"];
  await storeSpans(
    clickhouse,
    words.map((name, atMs) => aSpan({ project, trace: name, name, atMs })),
  );
  const aScore = (trace: string, value: number, time: string): Score => ({
    ...{ project, traceId: traceIdOf(trace), spanId: null, name: "reward", value, label: "", explanation: "", scorer: "rule:r@1", time },
  });
  await storeScores(clickhouse, [
    aScore("at once", 0, "2026-11-23T12:00:00.000Z"),
    aScore("weeks later", 0, "2026-12-20T12:00:00.000Z"),
    aScore("by another clock", 0, "2026-11-23T02:00:00.000Z"),
    aScore("improved", 0, "2026-11-23T12:00:00.000Z"),
    aScore("worse", 1, "2026-11-23T12:00:00.000Z"),
    aScore("taken back", 0, "2026-11-23T12:00:00.000Z"),
  ]);
  await storeScores(clickhouse, [aScore("improved", 1, "2026-11-24T12:00:00.000Z"), aScore("worse", 0, "2026-11-24T12:00:00.000Z")]);
  // Feedback of one name and scorer is told apart by its id: the later one does not hide the other.
  await storeScores(clickhouse, [
    { ...aScore("of two minds", 0, "2026-11-23T12:00:00.000Z"), feedback: { id: newId(), runId: newId() } },
    { ...aScore("of two minds", 1, "2026-11-24T12:00:00.000Z"), feedback: { id: newId(), runId: newId() } },
  ]);
  await deleteScore(clickhouse, aScore("taken back", 0, "2026-11-23T12:00:00.000Z"));
  const filter: TraceFilter = { scores: [{ name: "reward", comparison: "<", limit: 0.5 }] };
  const found = ["of two minds", "worse", "by another clock", "weeks later", "at once"];
  expect(await namesOf(project, filter)).toEqual(found);
  expect(await traces.histogram(project, window, filter, 1)).toEqual([{ bucket: 0, traces: 5, failed: 0 }]);

  const rowsRead = async ({ sql, params }: Statement): Promise<number> => {
    const answer = await clickhouse.query({ query: sql, query_params: params, format: "JSON" });
    return (await answer.json()).statistics?.rows_read ?? Number.NaN;
  };
  const query = { project, window, filter, cursor: null, direction: "older", limit: 50 } as const;
  expect(await rowsRead(foundKeys(query))).toBeLessThan(20_000);
  expect(await rowsRead(traceHistogram(project, window, filter, 1))).toBeLessThan(40_000);
  const longer = { from: String(NOON - 400n * 24n * HOUR_NS), to: window.to };
  expect(await rowsRead(foundKeys({ ...query, window: longer }))).toBeGreaterThan(100_000);
});

test("the first trace is found behind thousands that fail the filter, and one that was not found in time is not said to be missing", async () => {
  const project = "needle";
  const call = { project, model: "m", kind: "llm" } as const;
  const hay = Array.from({ length: 4_000 }, (_, index) => aSpan({ ...call, trace: `hay${index}`, name: "hay", atMs: index + 1 }));
  await storeSpans(clickhouse, [aSpan({ ...call, trace: "needle", name: "needle" }), ...hay]);
  const filter = { model: "m", name: "needle" };
  const query = { project, window, filter, cursor: null, direction: "older" } as const;
  expect(await traces.first(query, 60)).toMatchObject({ traceId: traceIdOf("needle") });
  expect(await traces.first({ ...query, filter: { ...filter, name: "nowhere" } }, 60)).toBeNull();
  await expect(traces.first(query, 0)).rejects.toMatchObject({ code: "overloaded" });
});

test("a page of one trace reads on as far as a page that is seen whole", async () => {
  const project = "small page";
  const call = { project, model: "m", kind: "llm" } as const;
  const hay = Array.from({ length: 150 }, (_, index) => aSpan({ ...call, trace: `s${index}`, name: "hay", atMs: index + 1 }));
  await storeSpans(clickhouse, [aSpan({ ...call, trace: "small", name: "needle" }), ...hay]);
  const filter = { model: "m", name: "needle" };
  const { traces: shown } = await list(project, { filter, limit: 1 });
  expect(shown.map(({ name }) => name)).toEqual(["needle"]);
  expect(await traces.isAny(project, window, filter)).toBe(true);
});

test.each(["older", "newer"] as const)(
  "a search that is out of time says how far it went, and goes on from there: %s",
  async (direction) => {
    const project = `patience ${direction}`;
    const hours = [0, -1, -30, -31, -200];
    await storeSpans(
      clickhouse,
      hours.map((hour, index) => aSpan({ project, trace: `p${index}`, model: "m", kind: "llm", atMs: hour * 3_600_000 })),
    );
    const days = { from: String(NOON - 240n * 3_600_000_000_000n), to: window.to };
    const found: string[] = [];
    let pages = 0;
    let cursor: TraceKey | null = null;
    do {
      const page: TracePage = await traces.list({ project, window: days, filter: { model: "m" }, cursor, direction, limit: 10 }, 0);
      found.push(...page.traces.map(({ traceId }) => traceId));
      cursor = page.next;
      pages += 1;
    } while (cursor !== null);
    const newestFirst = hours.map((_, index) => traceIdOf(`p${index}`));
    expect(found).toEqual(direction === "older" ? newestFirst : newestFirst.toReversed());
    expect(pages).toBeGreaterThan(2);
  },
);

test("a page whose traces fail the filter one after the other ends when its time is up, and goes on from there", async () => {
  const project = "one after the other";
  const call = { project, model: "m", kind: "llm" } as const;
  const hay = Array.from({ length: 300 }, (_, index) => aSpan({ ...call, trace: `o${index}`, name: "hay", atMs: index + 1 }));
  await storeSpans(clickhouse, [aSpan({ ...call, trace: "one", name: "needle" }), ...hay]);
  const names: string[][] = [];
  let cursor: TraceKey | null = null;
  do {
    const filter = { model: "m", name: "needle" };
    const page: TracePage = await traces.list({ project, window, filter, cursor, direction: "older", limit: 100 }, 0);
    names.push(page.traces.map(({ name }) => name));
    cursor = page.next;
  } while (cursor !== null);
  expect(names.flat()).toEqual(["needle"]);
  expect(names.length).toBeGreaterThan(2);
});

test("what lies outside of the window or in another project is not listed", async () => {
  await storeSpans(clickhouse, [
    aSpan({ project: "here", trace: "early", atMs: -2 * 3_600_000 }),
    aSpan({ project: "here", trace: "end", atMs: 3_600_000 }),
    aSpan({ project: "elsewhere", trace: "other" }),
  ]);
  expect((await list("here")).traces).toEqual([]);
});

test("the histogram counts traces by when they began, failed ones apart", async () => {
  const project = "histogram";
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "h1", atMs: -3_600_000 }),
    aSpan({ project, trace: "h2", atMs: 1 }),
    aSpan({ project, trace: "h3", atMs: 2, status: "error" }),
  ]);
  expect(await traces.histogram(project, window, {}, 2)).toEqual([
    { bucket: 0, traces: 1, failed: 0 },
    { bucket: 1, traces: 2, failed: 1 },
  ]);
  expect(await traces.histogram(project, window, { status: "error" }, 2)).toEqual([{ bucket: 1, traces: 1, failed: 1 }]);
  expect(await traces.histogram(project, window, { status: "incomplete" }, 2)).toEqual([]);
});

test("the histogram counts a trace without a root where it began, and what the latest versions say", async () => {
  const project = "histogram-rootless";
  const call = aSpan({ project, trace: "c", id: "call", parent: "root", kind: "llm", costUsd: 2 });
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "lost", id: "a", parent: "gone", atMs: -3_600_000 }),
    aSpan({ project, trace: "lost", id: "b", parent: "gone", atMs: 1 }),
    aSpan({ project, trace: "c", atMs: 2 }),
    call,
  ]);
  await storeSpans(clickhouse, [call], 2_000_000);
  expect(await traces.histogram(project, window, {}, 2)).toEqual([
    { bucket: 0, traces: 1, failed: 0 },
    { bucket: 1, traces: 1, failed: 0 },
  ]);
  expect(await traces.histogram(project, window, { status: "incomplete" }, 2)).toEqual([{ bucket: 0, traces: 1, failed: 0 }]);
  expect(await traces.histogram(project, window, { minCostUsd: 3 }, 2)).toEqual([]);
  expect(await traces.histogram(project, window, { status: "incomplete", name: "x" }, 2)).toEqual([]);
});

test("a whole span comes back as it was stored", async () => {
  const span = aSpan({
    project: "whole",
    id: "llm",
    parent: "root",
    kind: "llm",
    model: "gpt-4o",
    inputMessages: [{ role: "user", parts: [{ type: "text", content: 'Grüße, 東京 "🚆"\n\nDROP TABLE spans' }] }],
    outputMessages: [
      { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "f", arguments: { b: 1, a: null } }], finishReason: "stop" },
    ],
    tool: { name: "f", callId: null, arguments: '{"b":1}', result: "" },
    usage: { input: 3, output: 4, cached: 1, reasoning: null },
    costUsd: 0.000123456,
    attributes: { "weird.key ✓": "x\ty" },
    events: [{ name: "exception", timeUnixNano: String(NOON), attributes: { "exception.type": "E" } }],
    links: [{ traceId: traceIdOf("x"), spanId: wordSpanId("x", "y"), attributes: {} }],
    tags: ["t"],
    session: "s",
    statusMessage: "none",
  });
  await storeSpans(clickhouse, [aSpan({ project: "whole" }), span]);
  const stored = await traces.span("whole", span.traceId, span.spanId);
  expect(stored).toEqual({ ...span, tool: { ...span.tool, result: null } });
  expect((await traces.talkingSpans("whole", span.traceId, 10)).spans).toEqual([stored]);
});

test("a trace that is not stored is null, one that is longer than asked for is cut and says so", async () => {
  const project = "cut";
  await storeSpans(clickhouse, [aSpan({ project }), aSpan({ project, id: "a", parent: "root", atMs: 1 })]);
  expect(await traces.outline(project, traceIdOf("nowhere"), 10)).toBeNull();
  expect(await traces.summary(project, traceIdOf("nowhere"))).toBeNull();
  expect(await traces.span(project, traceIdOf("t"), wordSpanId("t", "nowhere"))).toBeNull();
  expect(await traces.outline(project, traceIdOf("t"), 1)).toMatchObject({ spans: [{ name: "work root" }], isTruncated: true });
  expect(await traces.outline(project, traceIdOf("t"), 2)).toMatchObject({ isTruncated: false });
});

test.each(["", "zz", "abc", "a".repeat(40)])("the id '%s', which is none, finds nothing", async (id) => {
  await storeSpans(clickhouse, [aSpan({ project: "ids" })]);
  expect(await traces.summary("ids", id)).toBeNull();
  expect(await traces.outline("ids", id, 10)).toBeNull();
  expect(await traces.span("ids", traceIdOf("t"), id)).toBeNull();
});

test("the pulse changes when a span arrives, and not otherwise", async () => {
  // Other tests' rows that are put together meanwhile would change it, too.
  await clickhouse.command({ query: "SYSTEM STOP MERGES spans" });
  try {
    const before = await traces.pulse();
    expect(await traces.pulse()).toBe(before);
    await storeSpans(clickhouse, [aSpan({ project: "pulse" })]);
    expect(await traces.pulse()).not.toBe(before);
  } finally {
    await clickhouse.command({ query: "SYSTEM START MERGES spans" });
  }
});

test("the newest span of a project, if it has any", async () => {
  expect(await traces.newestSpan("empty")).toBeNull();
  await storeSpans(clickhouse, [aSpan({ project: "newest" }), aSpan({ project: "newest", id: "b", atMs: 7 })]);
  expect(await traces.newestSpan("newest")).toBe(String(NOON + 7_000_000n));
});

test("the decisions of a trace come with the whole of their tasks, in order", async () => {
  const chain = aChain("d", [{ detail: { größe: 1.5 } }, { traceId: traceIdOf("d2") }, {}]);
  await storeDecisions(clickhouse, chain.toReversed());
  await storeDecisions(clickhouse, chain.slice(0, 1));
  expect(await createDecisionReader(clickhouse).byTrace("default", traceIdOf("d2"), 10)).toEqual(chain);
  expect(await createDecisionReader(clickhouse).byTrace("default", traceIdOf("none"), 10)).toEqual([]);
});

test("the scores of some traces, each once", async () => {
  const score = {
    project: "default",
    traceId: traceIdOf("s"),
    spanId: null,
    name: "reward",
    value: 1,
    label: "pass",
    explanation: "",
    scorer: "rules",
    time: "2026-11-23T12:00:00.250Z",
  };
  await storeScores(clickhouse, [
    { ...score, value: 0, time: "2026-11-23T11:00:00.000Z" },
    { ...score, spanId: wordSpanId("s", "a") },
  ]);
  await storeScores(clickhouse, [score]);
  const read = await createScoreReader(clickhouse).byTraces("default", [traceIdOf("s"), traceIdOf("t")], 10);
  expect(read).toEqual([score, { ...score, spanId: wordSpanId("s", "a") }]);
});

test.each([
  ["is not there", null],
  ["says nothing", () => undefined],
  ["hangs up", (socket: Socket) => void socket.destroy()],
])("a store that %s is an upstream that is unavailable", async (_what, hear) => {
  const server = hear === null ? null : createServer(hear).listen(0, "127.0.0.1");
  if (server !== null) await once(server, "listening");
  const port = server === null ? 9 : (server.address() as AddressInfo).port;
  const away = createClickHouse(`http://127.0.0.1:${port}/signalbox`, { requestTimeoutMs: 200 });
  await expect(createTraceStore(away).newestSpan("default")).rejects.toMatchObject({ code: "upstream_unavailable" });
  await away.close();
  server?.close();
});

test("a span inside a run that names the first half of the run's UUID as its parent is below the run, unless two runs share it", async () => {
  const project = "halves";
  const run = (id: string, uuid: string) => aSpan({ project, id, name: id, attributes: { "langsmith.span.id": uuid } });
  const shared = "01a21966-5e6d-7d26-8b18-e87b5105e39";
  await storeSpans(
    clickhouse,
    [run("alone", "01A21966-5E6D-7D25-8B18-E87B5105E39E"), run("one", `${shared}1`), run("other", `${shared}2`)],
    undefined,
    "langsmith",
  );
  const inside = (name: string, parentSpanId: string) => ({ ...aSpan({ project, id: name, name }), parentSpanId });
  await storeSpans(clickhouse, [
    inside("below", "01a219665e6d7d25"),
    inside("unsure", "01a219665e6d7d26"),
    inside("lost", "00f067aa0ba902b7"),
  ]);
  const outline = await traces.outline(project, traceIdOf("t"), 10);
  const parents = Object.fromEntries((outline?.spans ?? []).map(({ name, parentSpanId }) => [name, parentSpanId]));
  expect(parents).toEqual({
    ...{ alone: null, one: null, other: null },
    ...{ below: wordSpanId("t", "alone"), unsure: "01a219665e6d7d26", lost: "00f067aa0ba902b7" },
  });
});
