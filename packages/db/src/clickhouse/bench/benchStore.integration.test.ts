import { crc32 } from "node:zlib";
import type { Span } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, type SpanOutlines, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { digestText } from "../write/spanDigest.ts";
import { createBenchStore } from "./benchStore.ts";

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

const text = (content: string) => [{ type: "text" as const, content }];

function aTalk(id: string, answered: string, given: SpanOutlines = {}): Span {
  return aSpan({
    id,
    agent: "agent-1",
    session: "conv-1",
    user: "user-1",
    usage: { input: 12, output: 3, cached: null, reasoning: null },
    inputMessages: [
      { role: "system", parts: text("be brief") },
      { role: "user", parts: text("where is gate 12?") },
    ],
    outputMessages: [{ role: "assistant", parts: text(answered) }],
    ...given,
  });
}

/** A span as it is in the client's log. */
function logged(span: Span, answered: string) {
  const told = digestText({
    name: span.name,
    agent: "agent-1",
    session: "conv-1",
    user: "user-1",
    inputTokens: 12,
    said: "where is gate 12?",
    answered,
  });
  const identity = [span.traceId, span.spanId, span.parentSpanId ?? "", span.startTimeUnixNano, span.endTimeUnixNano].join("\n");
  return { spanId: Buffer.from(span.spanId, "hex"), digest: crc32(told + identity) };
}

test("a client's log is compared with what is stored: what is missing, twice there, or says something else", async () => {
  const store = createBenchStore(clickhouse);
  const same = aTalk("same", "to the left");
  const altered = aTalk("altered", "to the right");
  const doubled = aTalk("doubled", "upstairs", { atMs: 1 });
  await storeSpans(clickhouse, [same, altered, doubled]);
  await storeSpans(clickhouse, [{ ...doubled, startTimeUnixNano: String(BigInt(doubled.startTimeUnixNano) + 1n) }]);

  await store.keepAcknowledged([
    logged(same, "to the left"),
    logged(altered, "to the left"),
    logged(doubled, "upstairs"),
    logged(aTalk("lost", "downstairs"), "downstairs"),
  ]);
  const compare = (withText: boolean) => store.compareAcknowledged({ withText, final: true });
  expect(await compare(true)).toMatchObject({ acknowledged: 4, lost: 1, doubled: 1 });
  expect((await compare(true)).altered).toBeGreaterThanOrEqual(1);
  expect(await store.compareAcknowledged({ withText: false, final: true })).toMatchObject({ acknowledged: 4, lost: 1, doubled: 1 });
});

test("a span sent twice is twice there as it lies, and once for a reader", async () => {
  const store = createBenchStore(clickhouse);
  const span = aTalk("resent", "straight on", { trace: "resent" });
  await storeSpans(clickhouse, [span]);
  await storeSpans(clickhouse, [span]);
  await clickhouse.command({ query: "TRUNCATE TABLE bench_acknowledged" });
  await store.keepAcknowledged([logged(span, "straight on")]);
  expect(await store.compareAcknowledged({ withText: true, final: false })).toMatchObject({ doubled: 1 });
  expect(await store.compareAcknowledged({ withText: true, final: true })).toEqual({ acknowledged: 1, lost: 0, doubled: 0, altered: 0 });
});

test("blocks taken out of the table and put into a copy of it are the same rows", async () => {
  const store = createBenchStore(clickhouse);
  await storeSpans(
    clickhouse,
    Array.from({ length: 50 }, (_, index) => aTalk(`block-${index}`, "here", { trace: "block", atMs: index })),
  );
  await store.copySpansTable("bench_copy");
  await clickhouse.command({ query: "SYSTEM STOP MERGES bench_copy" });
  for (const { name, rows } of await store.spanParts()) {
    for (let from = 0; from < rows; from += 20)
      await store.insertNativeBlock("bench_copy", await store.readNativeBlock(name, { from, to: from + 20 }));
  }
  const digestOf = async (table: string) => {
    const result = await clickhouse.query({ query: `SELECT count(), sum(cityHash64(*)) FROM ${table}`, format: "JSONCompactEachRow" });
    return result.json();
  };
  expect(await digestOf("bench_copy")).toEqual(await digestOf("spans"));
  await store.dropTable("bench_copy");
});

test("messages are searched by word where the text indexes are", async () => {
  // An index is made of older rows by a merge.
  await clickhouse.command({ query: "SYSTEM START MERGES spans" });
  const store = createBenchStore(clickhouse);
  await store.addTextIndexes();
  await storeSpans(clickhouse, [aTalk("text", "the marmalade is here", { trace: "text" })]);
  const result = await clickhouse.query({ query: "SELECT count() AS found FROM spans WHERE hasToken(output_messages, 'marmalade')" });
  expect(await result.text()).toContain('"found": "1"');
});
