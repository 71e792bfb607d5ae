import type { Span } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../testing/index.ts";
import { type ClickHouseClient, createClickHouse, createRunFinder } from "./index.ts";

let stores: TestStores;
let clickhouse: ClickHouseClient;
beforeAll(async () => {
  stores = await startTestStores();
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const NOON_US = Number(BigInt(NOON) / 1_000n);

/** A run's span, `us` microseconds after noon. */
const aRunAt = (us: number, over: Partial<Span> = {}): Span => ({
  ...aSpan({ id: `at ${us}`, attributes: { "langsmith.span.id": `01a218a7-aaa2-7963-aeeb-${String(us).padStart(12, "0")}` } }),
  startTimeUnixNano: String(BigInt(NOON_US + us) * 1_000n),
  ...over,
});

test("runs are found by the microsecond in which they began, those of other ways, projects and moments are not", async () => {
  const find = createRunFinder(clickhouse);
  await storeSpans(clickhouse, [aRunAt(1, { name: "one" }), aRunAt(2, { name: "two" }), aRunAt(5)], undefined, "langsmith");
  await storeSpans(clickhouse, [aRunAt(1, { name: "one" })], undefined, "langsmith");
  await storeSpans(clickhouse, [aRunAt(3)], undefined, "langsmith_otel");
  await storeSpans(clickhouse, [aRunAt(4, { project: "other" })], undefined, "langsmith");
  const found = await find(
    "default",
    [1, 2, 3, 4, 2].map((us) => NOON_US + us),
  );
  expect(found.toSorted((a, b) => a.startUs - b.startUs)).toEqual([
    { runId: `01a218a7aaa27963aeeb${"1".padStart(12, "0")}`, name: "one", startUs: NOON_US + 1 },
    { runId: `01a218a7aaa27963aeeb${"2".padStart(12, "0")}`, name: "two", startUs: NOON_US + 2 },
  ]);
  expect(await find("default", [])).toEqual([]);
});

test("more moments than one statement holds are all looked for", async () => {
  const find = createRunFinder(clickhouse);
  await storeSpans(clickhouse, [aRunAt(2_400, { project: "many" })], undefined, "langsmith");
  const moments = Array.from({ length: 2_500 }, (_, us) => NOON_US + us);
  expect((await find("many", moments)).map(({ startUs }) => startUs)).toEqual([NOON_US + 2_400]);
});

test("a store that does not answer is unavailable", async () => {
  const find = createRunFinder(createClickHouse("http://127.0.0.1:9/signalbox"));
  await expect(find("default", [1])).rejects.toMatchObject({ code: "upstream_unavailable" });
});
