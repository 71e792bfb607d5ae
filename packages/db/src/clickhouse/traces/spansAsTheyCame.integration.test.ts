import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/testStores.ts";
import { aSpan, NOON } from "../../testing/index.ts";
import { type ClickHouseClient, createClickHouse } from "../client.ts";
import { migrateClickHouse } from "../migrate.ts";
import { createTraceStore } from "./traceStore.ts";

const BEFORE = "0001_telemetry";
const MIGRATION = "0002_spans_as_they_came";
const sqlOf = (name: string): string => readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), "utf8");

const DAY_MS = 86_400_000;

let stores: TestStores;
let folder: string;
let databases = 0;
let clickhouseUrl: string;
let clickhouse: ClickHouseClient;

beforeAll(async () => {
  stores = await startTestStores();
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(async () => {
  databases += 1;
  const url = new URL(stores.clickhouseUrl);
  url.pathname = `/as_they_came_${databases}`;
  clickhouseUrl = url.href;
  clickhouse = createClickHouse(clickhouseUrl);
  folder = mkdtempSync(join(tmpdir(), "signalbox-migrations-"));
  cpSync(new URL(`../migrations/${BEFORE}.sql`, import.meta.url), join(folder, `${BEFORE}.sql`));
  return async () => {
    rmSync(folder, { recursive: true });
    await clickhouse.close();
  };
});

const migrate = (): Promise<string[]> => migrateClickHouse({ clickhouseUrl, databaseUrl: stores.databaseUrl }, { folder });
const write = (sql: string): void => writeFileSync(join(folder, `${MIGRATION}.sql`), sql);

/** A span's row in the format of the previous version. */
function rowBefore(span: Span, receivedAtMs: number) {
  const jsonOf = (list: readonly unknown[]): string => (list.length === 0 ? "" : JSON.stringify(list));
  const timeOf = (nanos: string): string => `${nanos.slice(0, -9)}.${nanos.slice(-9)}`;
  return {
    project: span.project,
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? "",
    name: span.name,
    kind: span.kind,
    service: span.service,
    start_time: timeOf(span.startTimeUnixNano),
    end_time: timeOf(span.endTimeUnixNano),
    status: span.status,
    status_message: span.statusMessage,
    operation: span.operation ?? "",
    provider: span.provider ?? "",
    model: span.model ?? "",
    agent: span.agent ?? "",
    input_messages: jsonOf(span.inputMessages),
    output_messages: jsonOf(span.outputMessages),
    tool_name: span.tool?.name ?? "",
    tool_call_id: span.tool?.callId ?? "",
    tool_arguments: span.tool?.arguments ?? "",
    tool_result: span.tool?.result ?? "",
    input_tokens: span.usage.input,
    output_tokens: span.usage.output,
    cached_tokens: span.usage.cached,
    reasoning_tokens: span.usage.reasoning,
    usage_is_estimate: span.usageIsEstimate,
    cost_usd: span.costUsd,
    cost_is_estimate: span.costIsEstimate,
    session: span.session ?? "",
    user: span.user ?? "",
    tags: span.tags,
    prompt_name: span.promptName ?? "",
    prompt_version: span.promptVersion ?? "",
    release: span.release ?? "",
    environment: span.environment ?? "",
    variant: span.variant ?? "",
    dialect: span.dialect,
    attributes: span.attributes,
    resource_attributes: span.resourceAttributes,
    scope: span.scope,
    events: jsonOf(span.events),
    links: jsonOf(span.links),
    received_at: String(receivedAtMs / 1_000),
  };
}

const call = aSpan({
  id: "call",
  parent: "root",
  kind: "llm",
  model: "gpt-4o",
  operation: "chat",
  inputMessages: [
    { role: "system", parts: [{ type: "text", content: "Be kind." }] },
    {
      role: "user",
      name: "ada",
      parts: [
        { type: "text", content: 'Grüße "東京"\n' },
        { type: "other", value: { type: "image", id: 1 } },
      ],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: null, response: null }] },
  ],
  outputMessages: [
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "hm" },
        { type: "tool_call", id: "c", name: "f", arguments: { b: 1, a: null } },
      ],
      finishReason: "tool_call",
    },
  ],
  usage: { input: 4_294_967_295, output: 0, cached: 1, reasoning: null },
  costUsd: 0.000123456,
  costIsEstimate: true,
  attributes: { "weird.key ✓": "x\ty", "": "" },
  resourceAttributes: { "service.name": "test" },
  events: [{ name: "exception", timeUnixNano: String(NOON), attributes: { "exception.type": "E" } }],
  links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), attributes: {} }],
  tags: ["t", "größe"],
  session: "s",
  status: "error",
  statusMessage: "it failed",
});
const tool = aSpan({ id: "tool", parent: "call", kind: "tool", tool: { name: "f", callId: "c", arguments: '{"b":1}', result: "done" } });
const spansOf = (days: number): Span[] => [
  aSpan(),
  call,
  tool,
  ...Array.from({ length: days }, (_, day) => aSpan({ trace: `day ${day}`, atMs: -day * DAY_MS })),
];

/** A store as the previous version left it: one span arrived twice and is not merged. */
async function fillBefore(days: number): Promise<void> {
  expect(await migrate()).toEqual([BEFORE]);
  const insert = (values: readonly object[]) =>
    clickhouse.insert({ table: "spans", values, format: "JSONEachRow", clickhouse_settings: { max_partitions_per_insert_block: "0" } });
  await insert([rowBefore({ ...call, name: "early" }, 1_000)]);
  await insert(spansOf(days).map((span) => rowBefore(span, 2_000)));
}

/** Reads with today's code, and so needs today's tables. */
async function expectAllSpans(days: number): Promise<void> {
  await migrateClickHouse({ clickhouseUrl, databaseUrl: stores.databaseUrl });
  const traces = createTraceStore(clickhouse);
  for (const span of spansOf(days).slice(0, 6)) expect(await traces.span(span.project, span.traceId, span.spanId)).toEqual(span);
  const window = { from: String(NOON - BigInt(200 * DAY_MS) * 1_000_000n), to: String(NOON + 1_000_000_000n) };
  const page = await traces.list({ project: "default", window, filter: {}, cursor: null, limit: 500, direction: "older" });
  expect(page.traces).toHaveLength(1 + days);
  expect(page.traces.find(({ traceId }) => traceId === call.traceId)).toMatchObject({
    name: "work root",
    spans: 3,
    errors: 1,
    models: ["gpt-4o"],
  });
  const rows = await clickhouse.query({ query: "SELECT count() AS rows FROM spans FINAL", format: "JSONEachRow" });
  expect(await rows.json()).toEqual([{ rows: String(3 + days) }]);
}

test("spans of the version before are the same spans after the migration, which runs once and on any number of days", async () => {
  await fillBefore(120);
  write(sqlOf(MIGRATION));
  expect(await migrate()).toEqual([MIGRATION]);
  await expectAllSpans(120);
  expect(await migrate()).toEqual([]);
  await expectAllSpans(120);
});

const statements = sqlOf(MIGRATION)
  .split(/;[ \t]*$/m)
  .filter((statement) => statement.trim() !== "");

test.each(statements.flatMap((_, index) => [true, false].map((isRecorded) => [index + 1, isRecorded] as const)))(
  "a migration that stopped after statement %i (on record: %s) goes on and loses and doubles nothing",
  async (statement, isRecorded) => {
    await fillBefore(2);
    write([...statements.slice(0, statement), "\nSELECT * FROM nowhere", ""].join(";\n"));
    await expect(migrate()).rejects.toThrow(`Statement ${statement + 1} of`);
    if (!isRecorded)
      await clickhouse.command({
        query: `ALTER TABLE schema_migrations DELETE WHERE name = '${MIGRATION}' AND statement = ${statement} SETTINGS mutations_sync = 2`,
      });
    write(sqlOf(MIGRATION));
    expect(await migrate()).toEqual([MIGRATION]);
    await expectAllSpans(2);
  },
);
