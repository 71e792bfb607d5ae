import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, storeScores, storeSpans, wordSpanId } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { createScoreReader } from "./scoreReader.ts";

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

const score = (given: { traceId: string; spanId?: string; name: string }) => ({
  ...{ project: "default", spanId: null, value: 1, label: "", explanation: "", scorer: "s", time: "2026-11-26T12:00:00.000Z" },
  ...given,
});

test("a trace has its own scores, its spans', and of LangSmith's OpenTelemetry mode those that name its root alone", async () => {
  await storeSpans(
    clickhouse,
    [aSpan({ trace: "talk" }), aSpan({ trace: "talk", id: "call", parent: "root" })],
    undefined,
    "langsmith_otel",
  );
  await storeSpans(clickhouse, [aSpan({ trace: "other" })]);
  const traceId = traceIdOf("talk");
  const [root, call] = [wordSpanId("talk", "root"), wordSpanId("talk", "call")];
  const zeros = "0".repeat(16);
  await storeScores(clickhouse, [
    score({ traceId, name: "whole" }),
    score({ traceId, spanId: call, name: "call" }),
    score({ traceId: zeros + root, spanId: root, name: "by its root" }),
    score({ traceId: zeros + call, spanId: call, name: "by another span" }),
    score({ traceId: zeros + wordSpanId("other", "root"), name: "another client's" }),
  ]);
  const reader = createScoreReader(clickhouse);
  const found = await reader.ofTrace("default", traceId, 10);
  expect(found.map(({ name, spanId }) => [name, spanId]).sort()).toEqual([
    ["by its root", root],
    ["call", call],
    ["whole", null],
  ]);
  expect(new Set(found.map((one) => one.traceId))).toEqual(new Set([traceId]));
  expect(await reader.ofTrace("default", traceIdOf("other"), 10)).toEqual([]);
});
