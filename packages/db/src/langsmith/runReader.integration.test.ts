import { newId, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createClickHouse, createRunPartStore } from "../clickhouse/index.ts";
import type { Statement } from "../clickhouse/readRows.ts";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { aSpan, NOON, storeSpans, wordSpanId } from "../testing/index.ts";
import { createRunReader, type RunQuery, runsOf } from "./runReader.ts";

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

const PROJECT = "runs";
const SPANS = 60_000;

/** A run of a word, as its span has it. */
const aRun = (word: string, atMs: number) => {
  const attributes = { "langsmith.span.id": traceIdOf(word), "langsmith.trace.id": traceIdOf(word) };
  return aSpan({ project: PROJECT, trace: word, name: word, atMs, attributes });
};

const named = (word: string) => ({ id: traceIdOf(word), spanId: wordSpanId(word, "root") });

const query = (changes: Partial<RunQuery>): RunQuery => ({
  ...{ project: PROJECT, sessions: [], runs: [], traceIds: [], examples: [], order: "desc", limit: 10 },
  ...changes,
});

test("a run is found by its id among very many by the trace that its client told, and still where that is not kept", async () => {
  await clickhouse.command({
    query: `INSERT INTO spans (project, trace_id, span_id, name, start_time, end_time, attributes)
SELECT '${PROJECT}', sipHash128(number), reinterpretAsFixedString(sipHash64(number)), 'hay', fromUnixTimestamp64Nano(toInt64(${NOON} + number * 1000000), 'UTC') AS at, at,
  map('langsmith.span.id', lower(hex(sipHash128(number)))) FROM numbers(${SPANS})`,
  });
  await storeSpans(clickhouse, [aRun("told", 100_000), aRun("untold", 100_001)], undefined, "langsmith");
  const part = { project: PROJECT, operation: "post", source: "langsmith", receivedAtUs: Date.now() * 1_000 };
  const runId = named("told").id;
  const fields = { id: runId, trace_id: runId };
  await createRunPartStore(clickhouse).insert(
    [{ ...part, runId, fields: Object.keys(fields).sort().join(), body: JSON.stringify(fields) }],
    newId(),
  );

  const reader = createRunReader(clickhouse);
  const found = async (...words: string[]) => (await reader.find(query({ runs: words.map(named) }))).map(({ name }) => name);
  expect([await found("told"), await found("untold"), await found("told", "untold"), await found("nobody")]).toEqual([
    ["told"],
    ["untold"],
    ["untold", "told"],
    [],
  ]);

  const asked = vi.spyOn(clickhouse, "query");
  await found("told");
  expect(asked.mock.lastCall?.[0].query_params).toMatchObject({ traceIds: [runId] });

  const rowsRead = async ({ sql, params }: Statement): Promise<number> => {
    const answer = await clickhouse.query({ query: sql, query_params: params, format: "JSON" });
    return (await answer.json()).statistics?.rows_read ?? Number.NaN;
  };
  const runs = [named("told")];
  expect(await rowsRead(runsOf(query({ runs, traceIds: [runId] })))).toBeLessThan(20_000);
  expect(await rowsRead(runsOf(query({ runs })))).toBeGreaterThanOrEqual(SPANS);
});
