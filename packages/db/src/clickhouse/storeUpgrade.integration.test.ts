import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { NOON } from "../testing/index.ts";
import { createClickHouse } from "./client.ts";
import { migrateClickHouse } from "./migrate.ts";
import { createScoreReader } from "./scores/scoreReader.ts";
import { createTraceStore } from "./traces/traceStore.ts";

let stores: TestStores;
beforeAll(async () => {
  stores = await startTestStores();
});
afterAll(() => stores[Symbol.asyncDispose]());

const MIGRATIONS = new URL("./migrations/", import.meta.url);
const HOUR_NS = 3_600_000_000_000n;

test("what an older store holds is found by id, by user, by score and in lists after the upgrade", async () => {
  const url = new URL(stores.clickhouseUrl);
  url.pathname = "/upgraded";
  const before = mkdtempSync(join(tmpdir(), "signalbox-migrations-"));
  for (const file of readdirSync(MIGRATIONS).filter((name) => name < "0006")) cpSync(new URL(file, MIGRATIONS), join(before, file));
  await migrateClickHouse({ clickhouseUrl: url.href, databaseUrl: stores.databaseUrl }, { folder: before });
  await using clickhouse = createClickHouse(url.href);
  const span = {
    project: "old",
    trace_id: traceIdOf("t"),
    span_id: "1".repeat(16),
    name: "kept",
    kind: "agent",
    start_time: Number(NOON / 1_000_000_000n),
    end_time: Number(NOON / 1_000_000_000n) + 1,
    user: "ada",
    session: "s",
    input_messages: '[{"role":"user","content":"where to?"}]',
  };
  await clickhouse.command({
    query: `INSERT INTO spans (project, trace_id, span_id, parent_span_id, name, kind, start_time, end_time, status, user, session, input_messages)
SELECT {project:String}, unhex({trace_id:String}), unhex({span_id:String}), toFixedString('', 8), {name:String}, {kind:String},
  toDateTime64({start_time:UInt32}, 9, 'UTC'), toDateTime64({end_time:UInt32}, 9, 'UTC'), 'ok', {user:String}, {session:String}, {input_messages:String}`,
    query_params: span,
  });
  const score = { project: "old", trace_id: span.trace_id, span_id: "", name: "liked", scorer: "app" };
  // Each insert is a part of its own: the earlier version is there until they merge.
  for (const [value, time] of [
    [0, "2026-11-26 12:00:00.000"],
    [1, "2026-11-26 13:00:00.000"],
  ])
    await clickhouse.insert({ table: "scores", values: [{ ...score, value, time }], format: "JSONEachRow" });

  await migrateClickHouse({ clickhouseUrl: url.href, databaseUrl: stores.databaseUrl });
  const traces = createTraceStore(clickhouse);
  const window = { from: String(NOON - HOUR_NS), to: String(NOON + HOUR_NS) };
  const list = (filter: object) => traces.list({ project: "old", window, filter, cursor: null, direction: "older", limit: 10 });
  const shown = { name: "kept", user: "ada", preview: "where to?" };
  expect((await traces.trace("old", traceIdOf("t"), 10))?.summary).toMatchObject(shown);
  const scores = [{ name: "liked", comparison: ">=", limit: 1 }];
  for (const filter of [{}, { user: "ada" }, { session: "s" }, { scores }]) expect((await list(filter)).traces).toMatchObject([shown]);
  expect((await createScoreReader(clickhouse).ofTrace("old", traceIdOf("t"), 10)).map(({ name, value }) => [name, value])).toEqual([
    ["liked", 1],
  ]);
  rmSync(before, { recursive: true });
});
