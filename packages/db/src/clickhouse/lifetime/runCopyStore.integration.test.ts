import { type IngestSource, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, type SpanOutlines, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { readRows } from "../readRows.ts";
import { createRunCopyStore } from "./runCopyStore.ts";
import { createTailStore } from "./tailStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let copies: ReturnType<typeof createRunCopyStore>;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  copies = createRunCopyStore(clickhouse);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const MINUTE_MS = 60_000;

/** The start of the first minute in which spans are received here: verdicts are kept for a day. */
const SINCE_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

const store = (spans: SpanOutlines[], source: IngestSource, minutes = 0.5): Promise<void> =>
  storeSpans(clickhouse, spans.map(aSpan), (SINCE_MS + minutes * MINUTE_MS) * 1_000, source);

/** A run with one inside it, as LangSmith's routes report them. */
const runs = (project: string, trace: string, given: SpanOutlines = {}): SpanOutlines[] => [
  { project, trace, name: "clerk", lastsMs: 100.123, ...given },
  { project, trace, id: "call", parent: "root", name: "model", kind: "llm", atMs: 1.001, lastsMs: 50.5, ...given },
];

/** The same over OpenTelemetry: 256 ns off, and without the runs' ids. */
const copiesOf = (spans: readonly SpanOutlines[], trace: string): SpanOutlines[] =>
  spans.map(({ atMs = 0, lastsMs = 0, ...span }) => ({
    ...span,
    trace,
    scope: "langsmith",
    atMs: atMs + 0.000_256,
    lastsMs: lastsMs - 0.000_512,
  }));

async function drop(project: string, minutes = 1): Promise<number> {
  const until = SINCE_MS + minutes * MINUTE_MS;
  const dropped = await copies.drop({ project, from: until - 3 * MINUTE_MS, until });
  while (!(await copies.isSettled())) await new Promise((resolve) => setTimeout(resolve, 20));
  return dropped;
}

/** A project's remaining spans, by trace. */
async function left(project: string, ...traces: readonly string[]): Promise<string[]> {
  const sql =
    "SELECT lower(hex(trace_id)) AS trace, name FROM spans FINAL WHERE project = {project:String} ORDER BY start_time, name, trace";
  const rows = await readRows(clickhouse, { sql, params: { project } }, z.object({ trace: z.string(), name: z.string() }));
  const words = new Map(traces.map((word) => [traceIdOf(word), word]));
  return rows.map(({ trace, name }) => `${words.get(trace) ?? trace}: ${name}`).sort();
}

test.each(["natively first", "over OpenTelemetry first"])(
  "runs that came both ways are there once, as they came natively: %s",
  async (order) => {
    const project = order;
    const told = runs(project, "run");
    const steps = [() => store(told, "langsmith"), () => store(copiesOf(told, "copy"), "langsmith_otel")];
    if (order !== "natively first") steps.reverse();
    await steps[0]?.();
    expect(await drop(project)).toBe(0);
    await steps[1]?.();
    expect(await drop(project)).toBe(2);
    expect(await left(project, "run", "copy")).toEqual(["run: clerk", "run: model"]);
    expect(await drop(project)).toBe(0);
  },
);

test("an agent's run is the same where its copy tells no more than a chain", async () => {
  const project = "agents";
  const told = runs(project, "run");
  await store(
    told.map((span) => ({ ...span, kind: "agent" })),
    "langsmith",
  );
  await store(copiesOf(told, "copy"), "langsmith_otel");
  expect(await drop(project)).toBe(2);
});

test("nothing leads to a copy that went, and the ledger is told of it", async () => {
  const project = "traceless";
  const told = runs(project, "run", { user: "ann" });
  await store(told, "langsmith");
  await store(copiesOf(told, "copy"), "langsmith_otel");
  expect(await drop(project)).toBe(2);
  const count = async (sql: string): Promise<unknown> =>
    (await readRows(clickhouse, { sql, params: { project } }, z.object({ found: z.coerce.number() })))[0]?.found;
  expect(await count("SELECT count() AS found FROM trace_times FINAL WHERE project = {project:String}")).toBe(1);
  expect(await count("SELECT count() AS found FROM trace_keys FINAL WHERE project = {project:String}")).toBe(1);
  const ledger = "FROM ledger WHERE project = {project:String} AND fate = 'deleted' AND reason = 'copy' AND source = 'langsmith_otel'";
  expect(await count(`SELECT sum(records) AS found ${ledger}`)).toBe(2);
});

test.each<[string, (copy: SpanOutlines[]) => SpanOutlines[]]>([
  ["another start", (copy) => copy.map((span) => ({ ...span, atMs: (span.atMs ?? 0) + 0.001 }))],
  ["another end", (copy) => copy.map((span) => ({ ...span, lastsMs: (span.lastsMs ?? 0) + 0.001 }))],
  ["another name", ([root, call]) => [{ ...root, name: "waiter" }, call ?? {}]],
  ["another client's scope", (copy) => copy.map((span) => ({ ...span, scope: "my tracer" }))],
  ["a run that did not come natively", (copy) => [...copy, { ...copy[1], id: "more", name: "another model" }]],
  ["a span of somebody else's inside", (copy) => [...copy, { ...copy[1], id: "more", scope: "http" }]],
  ["a span of somebody else's around it", (copy) => copy.map((span) => ({ ...span, parent: span.parent ?? "server" }))],
  ["the end still to come", (copy) => copy.slice(1)],
  ["the ids of runs", (copy) => copy.map((span) => ({ ...span, attributes: { "langsmith.span.id": "x" } }))],
])("a trace over OpenTelemetry stays that has %s", async (difference, change) => {
  const project = difference;
  const told = runs(project, "run");
  await store(told, "langsmith");
  const copy = change(copiesOf(told, "copy"));
  await store(copy, "langsmith_otel");
  expect(await drop(project)).toBe(0);
  expect(await left(project, "run", "copy")).toHaveLength(2 + copy.length);
});

test("runs of two traces do not make one copy", async () => {
  const project = "two";
  const [root = {}, call = {}] = runs(project, "run");
  await store([root, { ...call, trace: "other" }], "langsmith");
  await store(copiesOf([root, call], "copy"), "langsmith_otel");
  expect(await drop(project)).toBe(0);
});

test("of what comes later into a copy's trace runs go too, and a span of somebody else's stays", async () => {
  const project = "late";
  const told = runs(project, "run");
  await store(told, "langsmith");
  await store(copiesOf(told, "copy"), "langsmith_otel");
  expect(await drop(project)).toBe(2);
  const [, late = {}] = copiesOf(told, "copy");
  await store(
    [
      { ...late, id: "late" },
      { ...late, id: "foreign", name: "request", scope: "http" },
    ],
    "langsmith_otel",
    1.5,
  );
  expect(await drop(project, 2)).toBe(1);
  expect(await left(project, "run", "copy")).toEqual(["copy: request", "run: clerk", "run: model"]);
});

test("tail sampling leaves what came into a copy's trace later to itself", async () => {
  const project = "tail";
  const told = runs(project, "run");
  await store(told, "langsmith");
  await store(copiesOf(told, "copy"), "langsmith_otel");
  await drop(project);
  await store([{ project, trace: "copy", id: "foreign", name: "request", scope: "http" }], "langsmith_otel", 1.5);
  const round = { project, from: SINCE_MS + MINUTE_MS, until: SINCE_MS + 2 * MINUTE_MS };
  expect(await createTailStore(clickhouse).drop(round)).toBe(0);
  expect(await left(project, "run", "copy")).toEqual(["copy: request", "run: clerk", "run: model"]);
});

test("only projects that received runs both ways lately are looked at", async () => {
  const told = (project: string, source: IngestSource, minutes: number) =>
    clickhouse.command({
      query: `INSERT INTO ledger (project, source, minute, fate, reason, records, stored_rows)
SELECT {project:String}, {source:String}, fromUnixTimestamp({time:UInt32}), 'stored', '', 1, [1]`,
      query_params: { project, source, time: (SINCE_MS + minutes * MINUTE_MS) / 1_000 },
    });
  for (const source of ["langsmith", "langsmith_otel"] as const) {
    await told("both", source, 5);
    await told("before", source, 1);
  }
  await told("one way", "langsmith_otel", 5);
  expect(await copies.projects(SINCE_MS + 4 * MINUTE_MS)).toEqual(["both"]);
});
