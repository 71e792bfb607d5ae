import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createClickHouse } from "../client.ts";
import { createTraceStore } from "../traces/traceStore.ts";
import { createBenchStore } from "./benchStore.ts";
import { LONG_TRACE_SPANS, type Traffic, trafficPieces } from "./benchTraffic.ts";

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;
beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
  // Rows are counted as they lie, so nothing may put two copies of a span together meanwhile.
  await clickhouse.command({ query: "SYSTEM STOP MERGES spans" });
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const DAY_MS = 86_400_000;

/** The figures of one row. */
async function figures(sql: string): Promise<number[]> {
  const result = await clickhouse.query({ query: sql, format: "JSONCompactEachRow" });
  const [row] = await result.json<(string | number)[]>();
  return (row ?? []).map(Number);
}

test("the engine makes traces, one of them long, of which a twentieth is sent again and another updated", async () => {
  const store = createBenchStore(clickhouse);
  const traffic: Traffic = { project: "traffic", seed: 7, spans: 20_000, fromMs: Date.now() - 2 * DAY_MS, days: 2 };
  for (const piece of trafficPieces(traffic)) await store.makeTraffic(traffic, piece);
  const [rows = 0, spans, traces, roots, updated = 0] = await figures(`SELECT count(), uniqExact(trace_id, span_id), uniqExact(trace_id),
    uniqExactIf(span_id, parent_span_id = toFixedString('', 8)), countIf(received_at > start_time + INTERVAL 60 SECOND)
    FROM spans WHERE project = 'traffic'`);
  expect({ spans, traces, roots }).toEqual({ spans: 20_000, traces: 1_001, roots: 1_001 });
  expect(rows / 20_000).toBeCloseTo(1.1, 1);
  expect(updated / 20_000).toBeCloseTo(0.05, 1);

  const [sample] = await store.sampleTraffic(traffic, 5);
  const reader = createTraceStore(clickhouse);
  expect((await reader.outline("traffic", sample?.traceId ?? "", 20))?.spans).toHaveLength(10);
  const long = await reader.outline("traffic", await store.longTraceId(traffic), 2 * LONG_TRACE_SPANS);
  expect(new Set(long?.spans.map(({ spanId }) => spanId)).size).toBe(LONG_TRACE_SPANS);
});
