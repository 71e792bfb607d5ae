import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

// With the engine's default pauses this would wait a minute: the limit is far from both.
test("a mutation of many parts does not sleep between them", { timeout: 30_000 }, async () => {
  const parts = 400;
  await store.client.command({ query: "CREATE TABLE days (day UInt16) ENGINE = MergeTree ORDER BY day PARTITION BY day" });
  await store.client.command({
    query: `INSERT INTO days SELECT number FROM numbers(${parts})`,
    clickhouse_settings: { max_partitions_per_insert_block: "0" },
  });
  await store.client.command({ query: "ALTER TABLE days DELETE WHERE day = 7", clickhouse_settings: { mutations_sync: "2" } });
  expect(await store.lines("SELECT count() FROM days")).toEqual([`${parts - 1}`]);
});
