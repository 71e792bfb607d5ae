import { readdirSync } from "node:fs";
import type { Decision, Span } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handoverFolder, startTestStores, type TestStores } from "../../embedded/index.ts";
import { spanBlockOf } from "../../testing/spanBlockOf.ts";
import {
  type ClickHouseClient,
  columnsOf,
  createClickHouse,
  decisionRow,
  type Handover,
  insertTelemetry,
  linesOf,
  logRow,
  openHandover,
  rejectedRow,
  scoreRow,
  type TelemetryRow,
} from "../index.ts";

const RECEIVED_AT_US = 1_795_480_164_235_007;
const TRACE_ID = "5b8efff798038103d269b633813fc60c";

let stores: TestStores;
let clickhouse: ClickHouseClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

function aSpan(over: Partial<Span> = {}): Span {
  return {
    project: "default",
    traceId: TRACE_ID,
    spanId: "eee19b7ec3c1b174",
    parentSpanId: null,
    name: "chat",
    kind: "llm",
    service: "s",
    startTimeUnixNano: "1763900000000000001",
    endTimeUnixNano: "1763900000999999999",
    status: "ok",
    statusMessage: "",
    operation: "chat",
    provider: null,
    model: "gpt-4o",
    agent: null,
    inputMessages: [{ role: "user", parts: [{ type: "text", content: "a\n\nb" }] }],
    outputMessages: [],
    tool: { name: "book", callId: null, arguments: '{"a":1}', result: null },
    usage: { input: 4_294_967_295, output: 0, cached: null, reasoning: null },
    usageIsEstimate: true,
    costUsd: 0.000000001,
    costIsEstimate: true,
    session: "half \ud83d",
    user: null,
    tags: ["a", "b"],
    promptName: null,
    promptVersion: null,
    release: null,
    environment: null,
    variant: null,
    dialect: "other",
    attributes: { "a.b": "1", "": "\u0000" },
    resourceAttributes: { "service.name": "s" },
    scope: "tests",
    events: [{ name: "e", timeUnixNano: "1763900000000000002", attributes: {} }],
    links: [],
    ...over,
  };
}

const decision: Decision = {
  project: "ignored",
  taskId: "t",
  seq: 4_294_967_295,
  kind: "planned",
  time: "2026-01-02T03:04:05.006Z",
  actor: { service: "planning", version: "1" },
  attempt: 1,
  traceId: TRACE_ID,
  spanId: null,
  chosen: "c",
  confidence: null,
  reason: "",
  detail: {},
  prevHash: "0".repeat(64),
  hash: "0".repeat(64),
};

const aScore = scoreRow({
  project: "default",
  traceId: TRACE_ID,
  spanId: null,
  name: "n",
  value: -1e-300,
  label: "",
  explanation: "",
  scorer: "s",
  time: "2026-01-02T03:04:05Z",
});

const oneRowOfEach: readonly TelemetryRow[] = [
  decisionRow("default", decision, "{}", { source: "otlp_logs_http", receivedAtUs: RECEIVED_AT_US }),
  logRow(
    {
      project: "default",
      timeUnixNano: "978307200000000000",
      traceId: "",
      spanId: "",
      service: "s",
      eventName: "e",
      severity: "",
      body: "b",
      attributes: { k: "v" },
    },
    { source: "otlp_logs_http", receivedAtUs: RECEIVED_AT_US },
  ),
  aScore,
  rejectedRow({ project: "default", source: "otlp_traces", reason: "r", record: "{}" }, RECEIVED_AT_US),
];

const insertSpans = (spans: readonly Span[], token: string) =>
  insertTelemetry(clickhouse, { table: "spans", body: spanBlockOf(spans, RECEIVED_AT_US).encode(), token });

async function columnNames(table: string): Promise<string[]> {
  const columns = await clickhouse.query({
    query: "SELECT name FROM system.columns WHERE database = currentDatabase() AND default_kind = '' AND table = {table:String}",
    query_params: { table },
    format: "JSONEachRow",
  });
  return (await columns.json<{ name: string }>()).map(({ name }) => name);
}

async function rowsOf(table: string): Promise<Record<string, unknown>[]> {
  const result = await clickhouse.query({ query: `SELECT *, lower(hex(trace_id)) AS id FROM ${table}`, format: "JSONEachRow" });
  return result.json();
}

test.each(oneRowOfEach.map((row) => [row.table, row] as const))(
  "a row of %s fills every column, and its partition is the one the store gives it",
  async (table, row) => {
    expect(await columnNames(table)).toEqual(columnsOf(table));

    expect(await insertTelemetry(clickhouse, { table, body: linesOf([row]), token: `one of ${table}` })).toEqual({ kind: "stored" });
    const partitions = await clickhouse.query({
      query: "SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = {table:String}",
      query_params: { table },
      format: "JSONEachRow",
    });
    const digits = row.partition === "" ? "tuple()" : row.partition;
    expect((await partitions.json<{ partition: string }>()).map(({ partition }) => partition)).toEqual([
      table === "decisions" ? digits.replace("-", "") : digits,
    ]);
  },
);

test("a block of spans fills every column", async () => {
  expect(spanBlockOf([], RECEIVED_AT_US).columnNames.toSorted()).toEqual((await columnNames("spans")).toSorted());
});

test("what a span says is in its row, to the nanosecond and the last digit of its cost", async () => {
  expect(await insertSpans([aSpan()], "one span")).toEqual({ kind: "stored" });
  const [row] = await rowsOf("spans");
  expect(row).toMatchObject({
    id: TRACE_ID,
    start_time: "2025-11-23 12:13:20.000000001",
    end_time: "2025-11-23 12:13:20.999999999",
    received_at: "2026-11-24 00:29:24.235007",
    input_messages: '[{"role":"user","parts":[{"type":"text","content":"a\\n\\nb"}]}]',
    input_tokens: 4_294_967_295,
    output_tokens: 0,
    cached_tokens: null,
    cost_usd: 1e-9,
    session: "half \ufffd",
    tags: ["a", "b"],
    attributes: { "a.b": "1", "": "\u0000" },
    tool_arguments: '{"a":1}',
    parent_span_id: "\0".repeat(8),
  });
});

test("an insert with a token that the table has seen is a success and changes nothing, whatever it holds", async () => {
  const spans = (name: string) => Array.from({ length: 50 }, (_, index) => aSpan({ name, spanId: String(index + 1).padStart(16, "0") }));
  for (const name of ["first", "first", "second"]) expect(await insertSpans(spans(name), "the same token")).toEqual({ kind: "stored" });
  expect((await rowsOf("spans")).filter(({ name }) => name === "first")).toHaveLength(50);
  expect((await rowsOf("spans")).filter(({ name }) => name === "second")).toHaveLength(0);
});

test("a large body goes by the handover and is the same insert by its token; a small one does not", async () => {
  const kept: number[] = [];
  const folder = openHandover(handoverFolder(stores.dataDir));
  const handover: Handover = {
    keep: (data) => {
      kept.push(Buffer.concat(data).length);
      return folder.keep(data);
    },
  };
  const long = {
    ...rejectedRow({ project: "by-hand", source: "otlp_traces_http", reason: "r", record: "x".repeat(100_000) }, RECEIVED_AT_US),
  };
  const short = { ...rejectedRow({ project: "by-hand", source: "otlp_traces_http", reason: "r", record: "x" }, RECEIVED_AT_US) };
  for (const [row, token] of [
    [long, "long"],
    [long, "long"],
    [short, "short"],
  ] as const)
    expect(await insertTelemetry(clickhouse, { table: "rejected", body: linesOf([row]), token }, handover)).toEqual({ kind: "stored" });
  expect(kept.map((bytes) => bytes > 100_000)).toEqual([true, true]);
  const rows = await clickhouse.query({
    query: "SELECT length(record) AS n FROM rejected WHERE project = 'by-hand' ORDER BY n",
    format: "JSONEachRow",
  });
  expect(await rows.json()).toEqual([{ n: "1" }, { n: "100000" }]);
  expect(readdirSync(handoverFolder(stores.dataDir))).toEqual([]);
});

test("a handover that the disk has no room for is no fault of the rows", async () => {
  const full: Handover = { keep: () => Promise.reject(new Error("ENOSPC: no space left on device")) };
  const row = rejectedRow({ project: "p", source: "otlp_traces_http", reason: "r", record: "x".repeat(100_000) }, RECEIVED_AT_US);
  const outcome = await insertTelemetry(clickhouse, { table: "rejected", body: linesOf([row]), token: "full" }, full);
  expect(outcome).toEqual({ kind: "unavailable", reason: "ENOSPC: no space left on device" });
});

test.each([
  ["that is no list", "{}"],
  ["with a value of another type", aScore.json.replace("-1e-300", '"much"')],
  ["with an id too long for its column", aScore.json.replace(TRACE_ID, "a".repeat(33))],
  ["with a time that is none", aScore.json.replace("2026-01-02 ", "yesterday ")],
])("a row %s makes the store refuse all rows beside it", async (_name, json) => {
  const good = { json: aScore.json.replace('"n"', '"beside a bad one"') };
  const body = linesOf([good, { json }, good]);
  expect(await insertTelemetry(clickhouse, { table: "scores", body, token: `bad ${_name}` })).toMatchObject({
    kind: "refused",
    reason: expect.any(String),
  });
  expect((await rowsOf("scores")).filter(({ name }) => name === "beside a bad one")).toHaveLength(0);
});

test("a block that was cut off is stored in no part", async () => {
  const [...pieces] = spanBlockOf([aSpan({ name: "cut off" })], RECEIVED_AT_US).encode();
  expect(await insertTelemetry(clickhouse, { table: "spans", body: pieces.slice(0, -1), token: "cut" })).toMatchObject({
    reason: expect.any(String),
  });
  expect((await rowsOf("spans")).filter(({ name }) => name === "cut off")).toHaveLength(0);
});

test("a store that is not there, does not know us, or lacks the table is unavailable: the rows are not at fault", async () => {
  const body = spanBlockOf([aSpan()], RECEIVED_AT_US).encode();
  const { clickhouseUrl } = stores;
  const urls = [
    "http://127.0.0.1:9/signalbox",
    clickhouseUrl.replace(/:[^:@]*@/, ":wrong@"),
    clickhouseUrl.replace(/\/signalbox$/, "/default"),
  ];
  for (const url of urls) {
    const client = createClickHouse(url);
    expect(await insertTelemetry(client, { table: "spans", body, token: "t" })).toMatchObject({ kind: "unavailable" });
    await client.close();
  }
});
