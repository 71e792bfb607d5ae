import { expect, test } from "vitest";
import { z } from "zod";
import { createClickHouse } from "../../../clickhouse/client.ts";
import { readRows } from "../../../clickhouse/readRows.ts";
import { aSpan, storeSpans } from "../../../testing/index.ts";
import { startTestStores } from "../../testStores.ts";
import { leaveTextsToEngine } from "./engineCodecs.ts";

test("long texts are left to the engine, whose inserts are ZSTD, and what was stored before is read as before", async () => {
  await using stores = await startTestStores({ only: "clickhouse" });
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeSpans(clickhouse, [aSpan({ trace: "before" })]);
  await leaveTextsToEngine(stores.clickhouseUrl);
  await leaveTextsToEngine(stores.clickhouseUrl);
  await storeSpans(clickhouse, [aSpan({ trace: "after" })]);
  const ask = (sql: string) => readRows(clickhouse, { sql, params: {} }, z.record(z.string(), z.unknown()));
  const of = "database = currentDatabase() AND table = 'spans'";
  expect(await ask(`SELECT name FROM system.columns WHERE ${of} AND name LIKE '%_messages' AND compression_codec != ''`)).toEqual([]);
  expect(await ask(`SELECT DISTINCT default_compression_codec AS codec FROM system.parts WHERE ${of} AND active`)).toEqual([
    { codec: "ZSTD(1)" },
  ]);
  await clickhouse.command({ query: "OPTIMIZE TABLE spans FINAL" });
  expect(await ask("SELECT DISTINCT input_messages AS said, toUInt8(count()) AS spans FROM spans GROUP BY said")).toHaveLength(1);
  expect(await ask("SELECT toUInt8(uniqExact(trace_id)) AS traces FROM spans")).toEqual([{ traces: 2 }]);
  await clickhouse.close();
});
