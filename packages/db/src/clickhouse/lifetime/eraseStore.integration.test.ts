import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newId, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aChain, aSpan, storeDecisions, storeScores, storeSpans, wordSpanId } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { FINGERPRINTS } from "../fingerprint.ts";
import { readRows } from "../readRows.ts";
import { createLedgerReader } from "../reconciliation/ledgerReader.ts";
import { createTrendRollups } from "../trends/trendRollups.ts";
import { createEraseStore, type EraseStore } from "./eraseStore.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
let erasures: EraseStore;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  erasures = createEraseStore(clickhouse);
  // Compressed text could not be searched for, so compression is off; parts are removed within a second instead of a minute. The engine's
  // cleaner sleeps longer the less there is to do, and reads its settings when it wakes: changed this early, they apply in time.
  for (const [table, column] of [
    ["spans", "user"],
    ["trace_keys", "value"],
    ["erasing", "value"],
  ]) {
    await clickhouse.command({ query: `ALTER TABLE ${table} MODIFY COLUMN ${column} String CODEC(NONE)` });
    await clickhouse.command({
      query: `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 1, cleanup_delay_period = 1, max_cleanup_delay_period = 1`,
    });
  }
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const Rows = z.object({ rows: z.coerce.number() });

async function rowsOf(table: string, project: string): Promise<number> {
  const sql = `SELECT count() AS rows FROM ${table} FINAL WHERE project = {project:String}`;
  return (await readRows(clickhouse, { sql, params: { project } }, Rows))[0]?.rows ?? -1;
}

const insert = (table: string, values: Record<string, unknown>[]) => clickhouse.insert({ table, values, format: "JSONEachRow" });

const NOW = new Date().toISOString().replace("T", " ").replace("Z", "");

/** Two traces, `gone` and `kept`, with a row of each in every table. */
async function fill(project: string): Promise<void> {
  for (const trace of ["gone", "kept"]) {
    const [id, given] = [traceIdOf(trace), { project, trace, session: `s-${trace}`, kind: "llm" as const, model: "m" }];
    await storeSpans(clickhouse, [aSpan({ ...given, user: `u-${trace}` }), aSpan({ ...given, id: "child", parent: "root" })]);
    await storeDecisions(clickhouse, aChain(trace, [{ project, taskId: `${project}-${trace}` }]));
    const score = {
      project,
      spanId: null,
      name: "tone",
      label: "",
      explanation: "",
      scorer: "s",
      value: 1,
      time: new Date().toISOString(),
    };
    await storeScores(clickhouse, [{ ...score, traceId: id }]);
    await insert("logs", [
      { project, time: NOW, digest: `a${trace}`.padEnd(32, "0"), trace_id: id, received_at: NOW },
      { project, time: NOW, digest: `b${trace}`.padEnd(32, "0"), attributes: { "user.id": `u-${trace}` }, received_at: NOW },
    ]);
    await insert("metric_points", [
      { project, metric: "m", series: trace.padEnd(32, "0"), time: NOW, exemplars: JSON.stringify([{ traceId: id }]), received_at: NOW },
    ]);
    await insert("rejected", [{ project, source: "x", record: JSON.stringify({ user: `u-${trace}` }), digest: trace, received_at: NOW }]);
    await insert("run_parts", [
      { project, run_id: id, operation: "post", fields: "a", body: "{}", received_at: NOW },
      { project, run_id: `e${id.slice(1)}`, operation: "post", fields: "a", body: JSON.stringify({ trace_id: id }), received_at: NOW },
    ]);
  }
}

const TABLES = ["spans", "trace_times", "trace_keys", "decisions", "scores", "logs", "metric_points", "rejected", "run_parts"];

async function allRows(project: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) counts[table] = await rowsOf(table, project);
  return counts;
}

const BOTH = {
  spans: 4,
  trace_times: 2,
  trace_keys: 4,
  decisions: 2,
  scores: 2,
  logs: 4,
  metric_points: 2,
  rejected: 2,
  run_parts: 4,
};

test.each([
  { kind: "trace", value: traceIdOf("gone"), logs: 3, rejected: 2 },
  { kind: "user", value: "u-gone", logs: 2, rejected: 1 },
  { kind: "session", value: "s-gone", logs: 3, rejected: 2 },
] as const)("a $kind goes from every table, and nothing else does", async ({ kind, value, logs, rejected }) => {
  const project = `erase-${kind}`;
  await fill(project);
  await fill(`${project}-bystander`);
  expect(await allRows(project)).toEqual(BOTH);
  const preview = await erasures.preview(project, { kind, value });
  expect(await allRows(project)).toEqual(BOTH);

  expect(await erasures.erase(project, { kind, value })).toEqual(preview);
  const left = { spans: 2, trace_times: 1, trace_keys: 2, decisions: 1, scores: 1, metric_points: 1, run_parts: 2 };
  expect(await allRows(project)).toEqual({ ...left, logs, rejected });
  expect(await allRows(`${project}-bystander`)).toEqual(BOTH);
  expect(await erasures.erase(project, { kind, value })).toEqual([]);
  expect(await readRows(clickhouse, { sql: "SELECT count() AS rows FROM erasing", params: {} }, Rows)).toEqual([{ rows: 0 }]);
});

test("a project goes whole, with what reconciliation and charts know of it", async () => {
  await fill("whole");
  await fill("whole-not");
  await clickhouse.command({
    query:
      "INSERT INTO ledger (project, source, minute, fate, reason, records, stored_rows) VALUES ('whole', 'langsmith', now(), 'stored', '', 1, [7])",
  });
  await erasures.erase("whole", { kind: "project" });
  const tables = await readRows(
    clickhouse,
    {
      sql: "SELECT DISTINCT table AS name FROM system.columns WHERE database = currentDatabase() AND name = 'project' AND table NOT LIKE '%view'",
      params: {},
    },
    z.object({ name: z.string() }),
  );
  for (const { name } of tables) expect([name, await rowsOf(name, "whole")]).toEqual([name, 0]);
  expect(await allRows("whole-not")).toEqual(BOTH);
});

test("the ledger is told, so that nothing is missing, and charts are computed again", async () => {
  const project = "told";
  await fill(project);
  const rollups = createTrendRollups(clickhouse);
  while ((await rollups.catchUp()) === "more");
  const calls = async () => {
    const sql =
      "SELECT sum(count) AS rows FROM trend_rollups FINAL WHERE project = {project:String} AND unit = 'minute' AND subject = 'trace'";
    return (await readRows(clickhouse, { sql, params: { project } }, Rows))[0]?.rows;
  };
  expect(await calls()).toBe(2);

  await erasures.erase(project, { kind: "user", value: "u-gone" });
  while ((await rollups.catchUp()) === "more");
  expect(await calls()).toBe(1);
  const window = { from: Math.floor(Date.now() / 1_000) - 3_600, to: Math.ceil(Date.now() / 1_000) + 60, stepSeconds: 3_600 };
  const fates = await createLedgerReader(clickhouse).fates(project, window);
  const deleted = fates.filter(({ fate, reason }) => fate === "deleted" && reason === "erased");
  expect(deleted.reduce((sum, { records }) => sum + records, 0)).toBe(5);
});

test("what comes of an erased trace afterwards is a trace of its own", async () => {
  const project = "afterwards";
  await fill(project);
  await erasures.erase(project, { kind: "trace", value: traceIdOf("gone") });
  await storeSpans(clickhouse, [aSpan({ project, trace: "gone", id: "late" })]);
  expect(await rowsOf("spans", project)).toBe(3);
  expect(await rowsOf("trace_times", project)).toBe(2);
});

test.each([
  { what: "received after those", laterUs: 2, left: 1, traces: [traceIdOf("gone")] },
  { what: "received before them and late", laterUs: -2, left: 0, traces: [] },
])("a span that lands while its trace is erased is not missed: $what", async ({ laterUs, left, traces }) => {
  const project = `meanwhile-${left}`;
  const window = { from: Math.floor(Date.now() / 1_000) - 3_600, to: Math.ceil(Date.now() / 1_000) + 3_600, stepSeconds: 3_600 };
  const stored = (records: number) =>
    clickhouse.command({
      query: `INSERT INTO ledger (project, source, minute, fate, records, fingerprints)
SELECT project, source, toStartOfMinute(received_at) AS minute, 'stored', ${records}, groupBitmapState(${FINGERPRINTS.spans})
FROM spans WHERE project = '${project}' GROUP BY project, source, minute`,
    });
  const receivedAtUs = Date.now() * 1_000;
  await storeSpans(clickhouse, [aSpan({ project, trace: "gone", user: "ann" })], receivedAtUs, "otlp_traces_http");
  await stored(1);
  let hasLanded = false;
  const landing = new Proxy(clickhouse, {
    get: (client, name) => {
      if (name !== "command") return Reflect.get(client, name);
      return async (statement: Parameters<typeof client.command>[0]) => {
        await client.command(statement);
        if (hasLanded || !statement.query.includes("INSERT INTO ledger")) return;
        hasLanded = true;
        await storeSpans(
          client,
          [aSpan({ project, trace: "gone", id: "late", parent: "root" })],
          receivedAtUs + laterUs,
          "otlp_traces_http",
        );
        await stored(1);
      };
    },
  });
  await createEraseStore(landing).erase(project, { kind: "trace", value: traceIdOf("gone") });
  expect(await rowsOf("spans", project)).toBe(left);
  expect(await createLedgerReader(clickhouse).missing(project, window)).toMatchObject([{ rows: 0 }]);
  expect(await createEraseStore(clickhouse).traces(project, { kind: "user", value: "ann" })).toEqual(traces);
});

/** Files below a folder that contain a text in the clear. Uses a glob, since a part's folder may vanish while it is walked. */
function filesWith(folder: string, text: string): string[] {
  return globSync("**", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readIfThere(path).includes(text));
}

/** A part's files may vanish too. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

test("no file on disk has it any more once inactive parts are cleared", async () => {
  const project = "on-disk";
  const user = `somebody-${newId()}`;
  await storeSpans(clickhouse, [aSpan({ project, trace: "x", user }), aSpan({ project, trace: "y", user: "another" })]);
  await insert("logs", [{ project, time: NOW, digest: "d".repeat(32), attributes: { "user.id": user }, received_at: NOW }]);
  const store = join(stores.dataDir, "clickhouse");
  expect(filesWith(store, user).length).toBeGreaterThan(0);
  await erasures.erase(project, { kind: "user", value: user });
  expect(await rowsOf("logs", project)).toBe(0);
  await expect.poll(() => filesWith(store, user), { timeout: 120_000, interval: 500 }).toEqual([]);
  expect(filesWith(store, "another").length).toBeGreaterThan(0);
});

test("with a trace goes a score that names it by its root span alone", async () => {
  const project = "by-root";
  const score = { project, spanId: null, name: "tone", label: "", explanation: "", scorer: "s", value: 1, time: new Date().toISOString() };
  for (const trace of ["gone", "kept"]) {
    await storeSpans(clickhouse, [aSpan({ project, trace })], undefined, "langsmith_otel");
    await storeScores(clickhouse, [{ ...score, traceId: "0".repeat(16) + wordSpanId(trace, "root") }]);
  }
  const gone = await erasures.erase(project, { kind: "trace", value: traceIdOf("gone") });
  expect(gone).toContainEqual({ table: "scores", rows: 1 });
  expect(await rowsOf("scores", project)).toBe(1);
});
