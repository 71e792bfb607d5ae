import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

// With the engine's default pauses this would wait a minute, where making the parts takes about a second.
test("a mutation of many parts does not sleep between them", async () => {
  const parts = 400;
  await store.client.command({ query: "CREATE TABLE days (day UInt16) ENGINE = MergeTree ORDER BY day PARTITION BY day" });
  const begunAt = performance.now();
  await store.client.command({
    query: `INSERT INTO days SELECT number FROM numbers(${parts})`,
    clickhouse_settings: { max_partitions_per_insert_block: "0" },
  });
  const timeout = Math.max(30_000, 20 * (performance.now() - begunAt));
  await store.client.command({ query: "ALTER TABLE days DELETE WHERE day = 7", clickhouse_settings: { mutations_sync: "0" } });
  await expect.poll(() => store.lines("SELECT count() FROM system.mutations WHERE NOT is_done"), { timeout }).toEqual(["0"]);
  expect(await store.lines("SELECT count() FROM days")).toEqual([`${parts - 1}`]);
});
