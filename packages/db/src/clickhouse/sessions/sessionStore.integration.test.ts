import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { createTraceStore } from "../traces/traceStore.ts";
import { type OwnerListQuery, ownerKeys, ownerTotals, sessionBounds, traceWords } from "./sessionStatements.ts";
import { createSessionStore } from "./sessionStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let sessions: ReturnType<typeof createSessionStore>;

const HOUR_MS = 3_600_000;
const window = { from: String(NOON - 3_600_000_000_000n), to: String(NOON + 3_600_000_000_000n) };

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  sessions = createSessionStore(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const asking = (project: string, given: Partial<OwnerListQuery> = {}): OwnerListQuery => ({
  project,
  window,
  search: "",
  user: null,
  cursor: null,
  limit: 50,
  ...given,
});
const told = (input: number, output: number) => ({ input, output, cached: null, reasoning: null });
const text = (role: string, content: string) => ({ role, parts: [{ type: "text" as const, content }] });

test("a session's sums are those of its traces in the list, also when spans were sent again and changed", async () => {
  const project = "sums";
  const turn = (index: number) => [
    aSpan({
      project,
      trace: `t${index}`,
      session: "s",
      user: `u${index % 2}`,
      atMs: index * 1_000,
      lastsMs: 500,
      status: index === 1 ? "error" : "ok",
    }),
    aSpan({
      project,
      trace: `t${index}`,
      id: "llm",
      parent: "root",
      kind: "llm",
      model: `m${index}`,
      atMs: index * 1_000,
      usage: told(100, 10),
      costUsd: 0.5,
      costIsEstimate: index === 2,
    }),
    aSpan({
      project,
      trace: `t${index}`,
      id: "inner",
      parent: "llm",
      kind: "llm",
      atMs: index * 1_000 + 1,
      usage: told(90, 9),
      costUsd: index === 0 ? null : 0.25,
    }),
  ];
  const spans = [0, 1, 2].flatMap(turn);
  await storeSpans(clickhouse, spans, 1_000_000);
  await storeSpans(clickhouse, spans, 2_000_000);
  await storeSpans(clickhouse, turn(2).slice(0, 1), 3_000_000);

  const { rows, next } = await sessions.sessions(asking(project));
  expect(next).toBeNull();
  expect(rows).toHaveLength(1);
  const listed = await createTraceStore(clickhouse).list({
    project,
    window,
    filter: { session: "s" },
    cursor: null,
    direction: "older",
    limit: 50,
  });
  const sum = (of: (trace: (typeof listed.traces)[number]) => number | null) =>
    listed.traces.reduce((total, trace) => total + (of(trace) ?? 0), 0);
  expect(rows[0]).toMatchObject({
    id: "s",
    traces: 3,
    failed: 1,
    spans: sum((trace) => trace.spans),
    errors: sum((trace) => trace.errors),
    inputTokens: sum((trace) => trace.inputTokens),
    outputTokens: sum((trace) => trace.outputTokens),
    costUsd: sum((trace) => trace.costUsd),
    spansWithoutCost: 1,
    others: ["u0", "u1"],
    othersCount: 2,
    firstUnixNano: String(NOON),
    endUnixNano: String(NOON + 2_500_000_000n),
  });
  expect(rows[0]).toMatchObject({ inputTokens: 270, costUsd: 0.5 });
  expect(await sessions.totalsOf("session", project, window, "s")).toMatchObject({ traces: 3, costUsd: 0.5 });
});

test("a session that only a span below the root names has the whole trace, and a trace of two sessions counts in both", async () => {
  const project = "below";
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "a" }),
    aSpan({ project, trace: "a", id: "x", parent: "root", session: "one", kind: "llm", usage: told(5, 1) }),
    aSpan({ project, trace: "a", id: "y", parent: "root", session: "two", kind: "llm", usage: told(5, 1) }),
  ]);
  const { rows } = await sessions.sessions(asking(project));
  expect(rows.map(({ id, traces, spans, inputTokens }) => [id, traces, spans, inputTokens])).toEqual([
    ["two", 1, 3, 10],
    ["one", 1, 3, 10],
  ]);
});

test("the one active last comes first, and pages join without gap or repetition", async () => {
  const project = "pages";
  const ids = ["größe", "a/b?c#d", "x".repeat(900), "' OR 1=1", "..", "e"];
  await storeSpans(
    clickhouse,
    ids.map((session, index) => aSpan({ project, trace: `p${index}`, session, user: session, atMs: Math.floor(index / 2) })),
  );
  for (const list of [sessions.sessions, sessions.users]) {
    const seen: string[] = [];
    let cursor: OwnerListQuery["cursor"] = null;
    do {
      const page = await list(asking(project, { cursor, limit: 2 }));
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(["e", "..", "x".repeat(900), "' OR 1=1", "größe", "a/b?c#d"]);
  }
});

test("a list is narrowed to ids that contain a text, and to the sessions of a user", async () => {
  const project = "narrow";
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "a", session: "Chat-1" }),
    aSpan({ project, trace: "a", id: "u", parent: "root", user: "ada" }),
    aSpan({ project, trace: "b", session: "chat-2", user: "bob", atMs: 1 }),
    aSpan({ project, trace: "c", session: "other", user: "ada", atMs: 2 }),
  ]);
  const idsOf = async (given: Partial<OwnerListQuery>) => (await sessions.sessions(asking(project, given))).rows.map(({ id }) => id);
  expect(await idsOf({ search: "CHAT" })).toEqual(["chat-2", "Chat-1"]);
  expect(await idsOf({ user: "ada" })).toEqual(["other", "Chat-1"]);
  expect(await idsOf({ user: "ada", search: "chat" })).toEqual(["Chat-1"]);
});

test("what a trace outside of the window did is not in a user's sums, and all of a session's traces are in its own window", async () => {
  const project = "window";
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "old", atMs: -3 * HOUR_MS }),
    aSpan({ project, trace: "old", id: "x", parent: "root", user: "u", session: "s", atMs: -3 * HOUR_MS + 10 }),
    aSpan({ project, trace: "new", user: "u", session: "s" }),
  ]);
  expect(await sessions.totalsOf("user", project, window, "u")).toMatchObject({ traces: 1, others: ["s"] });
  const whole = await sessions.sessionWindow(project, "s");
  expect(whole).not.toBeNull();
  if (whole !== null) expect(await sessions.totalsOf("session", project, whole, "s")).toMatchObject({ traces: 2 });
  expect(await sessions.sessionWindow(project, "nobody's")).toBeNull();
  expect(await sessions.totalsOf("user", project, window, "nobody")).toBeNull();
});

test("a trace's words are its root's, else those of the spans below it, as they arrived last", async () => {
  const project = "words";
  const root = (words: string) =>
    aSpan({ project, trace: "a", inputMessages: [text("user", "ask")], outputMessages: [text("assistant", words)] });
  await storeSpans(clickhouse, [root("early")], 1_000_000);
  await storeSpans(
    clickhouse,
    [
      root("late"),
      aSpan({ project, trace: "a", id: "llm", parent: "root", kind: "llm", outputMessages: [text("assistant", "below")], atMs: 50 }),
      aSpan({ project, trace: "b", status: "error", statusMessage: "it broke" }),
      aSpan({ project, trace: "b", id: "1", parent: "root", kind: "llm", inputMessages: [text("user", "first")], atMs: 1, lastsMs: 1 }),
      aSpan({
        project,
        trace: "b",
        id: "2",
        parent: "root",
        kind: "llm",
        outputMessages: [text("assistant", "last")],
        atMs: 5,
        lastsMs: 9,
      }),
      aSpan({
        project,
        trace: "b",
        id: "3",
        parent: "root",
        kind: "evaluator",
        outputMessages: [text("assistant", "4/5")],
        atMs: 50,
      }),
      aSpan({ project, trace: "c" }),
    ],
    2_000_000,
  );
  const words = await sessions.words(project, window, ["a", "b", "c"].map(traceIdOf));
  const of = (trace: string) => words.find(({ traceId }) => traceId === traceIdOf(trace));
  expect(of("a")).toMatchObject({ asked: [text("user", "ask")], answered: [text("assistant", "late")] });
  expect(of("b")).toMatchObject({ asked: [text("user", "first")], answered: [text("assistant", "last")], statusMessage: "it broke" });
  expect(of("c")).toMatchObject({ asked: [], answered: [], statusMessage: "" });
});

const query = asking("default", { search: "a", user: "u", cursor: { id: "s", lastUnixNano: "1" } });
const STATEMENTS = {
  "session-keys": ownerKeys("session", query),
  "session-totals": ownerTotals("session", "default", window, ["s"]),
  "session-bounds": sessionBounds("default", "s"),
  "trace-words": traceWords("default", window, ["a".repeat(32)]),
};
for (const [name, { sql }] of Object.entries(STATEMENTS)) {
  test(`${name}: the SQL is as it was reviewed`, () => expect(`${sql}\n`).toMatchFileSnapshot(`__golden__/${name}.sql`));
}

test("what a person typed is bound, never part of the SQL", () => {
  const nasty = "x' OR 1=1 --";
  const { sql, params } = ownerKeys("user", asking(nasty, { search: nasty, user: nasty, cursor: { id: nasty, lastUnixNano: "1" } }));
  expect(sql).not.toContain("1=1");
  expect(params).toMatchObject({ project: nasty, search: nasty, user: nasty, cursorId: nasty });
});
