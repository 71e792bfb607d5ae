import { createClickHouse, createTraceStore } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { aSpan, type SpanOutlines, storeSpans } from "@signalbox/db/testing";
import { type IngestSource, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../testing/stage.ts";
import { openRunCopyLoop } from "./runCopyLoop.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});

afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

/** Stores a span received so many minutes ago, and writes its ledger row. */
async function receive(span: SpanOutlines, source: IngestSource, minutesAgo: number): Promise<void> {
  const receivedAtMs = Date.now() - minutesAgo * 60_000;
  await storeSpans(clickhouse, [aSpan(span)], receivedAtMs * 1_000, source);
  await clickhouse.command({
    query: `INSERT INTO ledger (project, source, minute, fate, reason, records, stored_rows)
SELECT 'default', {source:String}, toStartOfMinute(fromUnixTimestamp64Milli({receivedAtMs:Int64})), 'stored', '', 1, [1]`,
    query_params: { source, receivedAtMs },
  });
}

test("copies of runs are deleted, including older ones and those whose run comes later", async () => {
  const run = (trace: string): SpanOutlines => ({ trace, name: trace });
  const copy = (trace: string): SpanOutlines => ({ trace: `copy of ${trace}`, name: trace, scope: "langsmith" });
  await receive(run("old"), "langsmith", 50);
  await receive(copy("old"), "langsmith_otel", 50);
  await receive(copy("new"), "langsmith_otel", 1);
  const copies = new Counter({ name: "copies", help: "x", labelNames: ["project"], registers: [new Registry()] });
  const loop = openRunCopyLoop({ clickhouse, clock: Date.now, log: pino({ level: "silent" }), pauseMs: 20, copies });
  const traces = createTraceStore(clickhouse);
  const isThere = async (trace: string): Promise<boolean> => (await traces.outline("default", traceIdOf(trace), 1)) !== null;

  await until("the old copy's end", async () => !(await isThere("copy of old")));
  expect(await isThere("copy of new")).toBe(true);
  await receive(run("new"), "langsmith", 0);
  await until("the new copy's end", async () => !(await isThere("copy of new")));
  await loop.close();
  expect([await isThere("old"), await isThere("new")]).toEqual([true, true]);
  expect((await copies.get()).values).toEqual([{ labels: { project: "default" }, value: 2 }]);
});
