import { rowsOfInsert } from "@signalbox/db/testing";
import { type Decision, decisionHash, mulberry32 } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsOfTraces } from "./decode/index.ts";
import { aSpan, attributes, type LogRecordJson, logsRequest, type SpanJson, tracesRequest } from "./testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "./testing/builders/otlpProtobufBuilder.ts";
import { RandomTraces } from "./testing/builders/randomTraces.ts";
import { startTestCollector } from "./testing/testCollector.ts";
import { startTestStore, type TestStore } from "./testing/testStore.ts";
import { untilWritten } from "./testing/untilTrue.ts";
import type { Insert } from "./write/index.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function send(url: string, path: "traces" | "logs", body: string | Buffer): Promise<unknown> {
  const type = typeof body === "string" ? "application/json" : "application/x-protobuf";
  const response = await fetch(`${url}/v1/${path}`, {
    method: "POST",
    headers: { "content-type": type },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  expect(response.status).toBe(200);
  return response.json().catch(() => ({}));
}

const sendSpans = (url: string, spans: SpanJson[]) => send(url, "traces", JSON.stringify(tracesRequest(spans)));
const sendLogs = (url: string, logs: LogRecordJson[]) => send(url, "logs", JSON.stringify(logsRequest(logs)));
const nanosOf = (date: string): string => `${Date.parse(date)}000000`;
const spansOf = (traceId: string): Promise<number> => store.number(`SELECT count() FROM spans WHERE trace_id = unhex('${traceId}')`);

test("a span sent twice is one row: the last one", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const span = aSpan();
  await sendSpans(collector.url, [span]);
  await sendSpans(collector.url, [{ ...span, name: "again" }]);
  await untilWritten(collector.url);
  expect(await store.rows(`SELECT name FROM spans FINAL WHERE trace_id = unhex('${span.traceId}')`)).toEqual([{ name: "again" }]);
});

test("decisions, evaluations, other log records and unreadable ones each go to their own table", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const { traceId, spanId } = aSpan();
  const timeUnixNano = nanosOf("2026-01-02T03:04:05.006Z");
  const unsealed: Omit<Decision, "hash"> = {
    project: "default",
    taskId: `task of ${traceId}`,
    seq: 3,
    kind: "tool_called",
    time: "2026-01-02T03:04:05.006Z",
    actor: { service: "planning", version: "1" },
    attempt: 1,
    traceId,
    spanId,
    chosen: "book",
    confidence: 0.9,
    reason: "because",
    detail: { "größe\n\n": 1.5 },
    prevHash: "0".repeat(64),
  };
  const record = JSON.stringify({ ...unsealed, hash: decisionHash(unsealed) });
  await sendLogs(collector.url, [
    { timeUnixNano, eventName: "signalbox.decision", body: { stringValue: record } },
    { timeUnixNano, eventName: "signalbox.decision", body: { stringValue: `{"traceId":"${traceId}"}` } },
    {
      timeUnixNano,
      eventName: "gen_ai.evaluation.result",
      traceId,
      spanId,
      attributes: attributes({
        "gen_ai.evaluation.name": "helpful",
        "gen_ai.evaluation.score.value": 0.5,
        "gen_ai.evaluation.score.label": "so so",
      }),
    },
    { timeUnixNano, eventName: "hello", traceId, severityText: "WARN", body: { stringValue: "there" } },
  ]);
  await untilWritten(collector.url);
  expect(await store.rows(`SELECT task_id, seq, kind, time, span_id, chosen, record FROM decisions WHERE trace_id = '${traceId}'`)).toEqual(
    [
      {
        task_id: `task of ${traceId}`,
        seq: 3,
        kind: "tool_called",
        time: "2026-01-02 03:04:05.006",
        span_id: spanId,
        chosen: "book",
        record,
      },
    ],
  );
  expect(await store.rows(`SELECT span_id, name, value, label, scorer, time FROM scores WHERE trace_id = '${traceId}'`)).toEqual([
    { span_id: spanId, name: "helpful", value: 0.5, label: "so so", scorer: "test", time: "2026-01-02 03:04:05.006" },
  ]);
  expect(await store.rows(`SELECT event_name, severity, body FROM logs WHERE trace_id = '${traceId}'`)).toEqual([
    { event_name: "hello", severity: "WARN", body: "there" },
  ]);
  expect(await store.rows(`SELECT source, reason FROM rejected WHERE record LIKE '%${traceId}%'`)).toEqual([
    { source: "otlp_logs_http", reason: expect.stringContaining("no decision") },
  ]);
});

test("a span that was refused is kept whole among the rejected, the good one beside it is stored", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const good = aSpan();
  const bad = aSpan({ traceId: good.traceId, spanId: "0".repeat(16), attributes: attributes({ "a.key": "its value" }) });
  expect(await sendSpans(collector.url, [good, bad])).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
  const rejected = () =>
    store.rows<{ record: string; reason: string }>(`SELECT record, reason FROM rejected WHERE record LIKE '%${good.traceId}%'`);
  await untilWritten(collector.url);
  const [row] = await rejected();
  expect(row?.reason).toContain("the span id");
  expect(JSON.parse(row?.record ?? "")).toMatchObject({
    name: bad.name,
    attributes: { "a.key": "its value" },
    startTimeUnixNano: bad.startTimeUnixNano,
  });
  expect(await spansOf(good.traceId)).toBe(1);
});

test("spans of 120 different days in one request are all stored, though one insert may touch 100", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const { traceId } = aSpan();
  const spans = Array.from({ length: 120 }, (_, day) => {
    const startTimeUnixNano = String(BigInt(nanosOf("2001-01-01")) + BigInt(day) * 86_400_000_000_000n);
    return aSpan({ traceId, startTimeUnixNano, endTimeUnixNano: startTimeUnixNano });
  });
  expect(await sendSpans(collector.url, spans)).toEqual({});
  await untilWritten(collector.url);
  expect(await spansOf(traceId)).toBe(120);
});

test("odd values are stored like any others: broken text, huge numbers, every byte there is", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("base64");
  const allAscii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
  const span = aSpan({
    name: `half a pair \ud800, ${allAscii}`,
    attributes: [
      ...attributes({ "gen_ai.usage.input_tokens": 2 ** 40, "key \udc00": allAscii, "": "no key" }),
      { key: "gen_ai.usage.cost", value: { doubleValue: 1e300 } },
      { key: "bytes", value: { bytesValue: everyByte } },
      { key: "int", value: { intValue: "9223372036854775807" } },
    ],
  });
  await sendSpans(collector.url, [span]);
  const broken = tracesProtobuf([aSpan({ traceId: span.traceId, name: "abc" })]);
  broken[broken.indexOf("abc")] = 0xff;
  await send(collector.url, "traces", broken);
  await untilWritten(collector.url);
  const [row, brokenRow] = await store.rows(
    `SELECT name, attributes, input_tokens, cost_usd FROM spans WHERE trace_id = unhex('${span.traceId}') ORDER BY name`,
  );
  expect(row).toMatchObject({
    name: `half a pair \ufffd, ${allAscii}`,
    attributes: { "key \ufffd": allAscii, "": "no key", bytes: everyByte, int: "9223372036854775807" },
    input_tokens: null,
    cost_usd: null,
  });
  expect(brokenRow?.name).toBe("\ufffdbc");
});

/** Corrupts a column's heading so that its type is unknown. */
function withOddType(piece: Buffer): Buffer {
  const spoilt = Buffer.from(piece);
  const at = spoilt.indexOf("Decimal(18, 9)");
  if (at !== -1) spoilt.write("x", at + 12);
  return spoilt;
}

test("a row that the store refuses for its content is kept as rejected; all those around it are stored once", async () => {
  const spoil: Insert = (insert) => {
    const isSpoilt = insert.table === "spans" && rowsOfInsert(insert).some(({ name }) => name === "poison");
    return store.insert(isSpoilt ? { ...insert, body: insert.body.map(withOddType) } : insert);
  };
  await using collector = await startTestCollector({}, spoil);
  const { traceId } = aSpan();
  const spans = Array.from({ length: 50 }, (_, index) => aSpan({ traceId, name: index % 20 === 7 ? "poison" : "good" }));
  await sendSpans(collector.url, spans);
  const rejected = () =>
    store.rows<{ reason: string; record: string }>(
      `SELECT reason, record FROM rejected WHERE reason LIKE 'the table spans refuses it: %' AND record LIKE '%${traceId}%'`,
    );
  await untilWritten(collector.url);
  expect(await spansOf(traceId)).toBe(47);
  expect(await rejected()).toHaveLength(3);
  const [row] = await rejected();
  expect(row?.reason).toMatch(/refuses it: .{10}/);
  expect(JSON.parse(row?.record ?? "")).toMatchObject({ name: "poison", traceId });
});

test("a failing store is retried until it takes the batch, which is stored once", async () => {
  let attempts = 0;
  const stumbling: Insert = async (insert) => {
    if (insert.table === "spans") attempts += 1;
    if (attempts === 1) return { kind: "unavailable", reason: "no connection" };
    const outcome = await store.insert(insert);
    return attempts === 2 && insert.table === "spans" ? { kind: "unavailable", reason: "the answer was lost" } : outcome;
  };
  await using collector = await startTestCollector({}, stumbling);
  const span = aSpan();
  await sendSpans(collector.url, [span]);
  await untilWritten(collector.url);
  expect(attempts).toBe(3);
  expect(await spansOf(span.traceId)).toBe(1);
});

test("a block too large for the store's memory is halved until it fits, and every span of it arrives once", async () => {
  const sizes: number[] = [];
  const narrow: Insert = async (insert) => {
    const { length } = rowsOfInsert(insert);
    if (insert.table === "spans" && length > 10) return { kind: "too_large", reason: "no memory" };
    if (insert.table === "spans") sizes.push(length);
    return store.insert(insert);
  };
  await using collector = await startTestCollector({}, narrow);
  const { traceId } = aSpan();
  const spans = Array.from({ length: 61 }, (_, index) =>
    aSpan({
      traceId,
      name: `span ${index}`,
      attributes: attributes({ "gen_ai.request.model": `model ${index % 3}`, [`key ${index}`]: index }),
    }),
  );
  await sendSpans(collector.url, spans);
  await untilWritten(collector.url);
  expect(sizes).toEqual([8, 8, 8, 7, 8, 7, 8, 7]);
  const rows = await store.rows<{ name: string; model: string; attributes: Record<string, string> }>(
    `SELECT name, model, attributes FROM spans WHERE trace_id = unhex('${traceId}')`,
  );
  expect(rows).toHaveLength(61);
  for (const [index, { name }] of spans.entries()) {
    expect(rows).toContainEqual({
      name,
      model: `model ${index % 3}`,
      attributes: { "gen_ai.request.model": `model ${index % 3}`, [`key ${index}`]: String(index) },
    });
  }
});

test("whatever values and unknown fields requests hold, the store takes every good span of them", async () => {
  await using collector = await startTestCollector({}, store.insert);
  const traces = new RandomTraces(mulberry32(3));
  const bodies = Array.from({ length: 250 }, () => traces.request());
  const good = bodies.flatMap((body) => faultsOfTraces(body, Date.now() * 1_000)).filter((fault) => fault === null).length;
  const before = await store.number("SELECT count() FROM spans");
  for (const body of bodies) await send(collector.url, "traces", body);
  await untilWritten(collector.url);
  expect(good).toBeGreaterThan(20);
  expect((await store.number("SELECT count() FROM spans")) - before).toBe(good);
});
