import type { BenchStore } from "@signalbox/db/clickhouse";
import { KEYS } from "@signalbox/model";
import { OtlpTemplate } from "../../loadgen/templates/otlpTemplate.ts";
import type { Payload } from "../../loadgen/templates/payload.ts";
import { RequestTemplates } from "../../loadgen/templates/requestTemplates.ts";
import { type DecodedSpan, decodeTraces, type KeyValue, plainValue } from "../otlpTraces.ts";
import { realTime, untilSettled } from "../untilSettled.ts";
import type { MeasuredRate } from "./engineLimit.ts";

const BATCH_ROWS = 20_000;

const TABLE = "bench_plain";

/**
 * The rate of a conventional collector: the same bodies decoded by protobufjs into objects, inserted as JSONEachRow,
 * with the next batch decoded during each insert, until merges are settled. It is spared HTTP and a journal.
 */
export async function measurePlainIngest(
  store: BenchStore,
  payload: Payload,
  { durationMs, signal }: { durationMs: number; signal: AbortSignal },
): Promise<MeasuredRate> {
  const templates = new RequestTemplates(payload, (shape, number) => new OtlpTemplate(shape, number));
  await store.copySpansTableInHex(TABLE);
  const startedAt = performance.now();
  let inserting: Promise<void> = Promise.resolve();
  for (let rows: object[] = []; performance.now() - startedAt < durationMs; ) {
    signal.throwIfAborted();
    while (rows.length < BATCH_ROWS) rows.push(...nextRows(templates));
    await inserting;
    inserting = store.insertObjects(TABLE, rows);
    rows = [];
  }
  await inserting;
  const settledAt = await untilSettled(async () => ({ ...(await store.storage(TABLE)), waitingBytes: 0 }), realTime(signal));
  const { rows } = await store.storage(TABLE);
  await store.dropTable(TABLE);
  return { spans: rows, spansPerSecond: rows / ((settledAt - startedAt) / 1_000) };
}

function nextRows(templates: RequestTemplates<OtlpTemplate>): object[] {
  const request = templates.take(Date.now());
  const rows = decodeTraces(request.body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const ofResource = valuesOf(resource.attributes);
    return scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => rowOf(span, ofResource, scope.name)));
  });
  templates.release(request);
  return rows;
}

function valuesOf(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

/** A span as a row of the table `spans`, limited to the columns that OpenTelemetry's conventions name. */
function rowOf(span: DecodedSpan, resource: Record<string, unknown>, scope: string): object {
  const {
    [KEYS.inputMessages]: inputMessages = "[]",
    [KEYS.outputMessages]: outputMessages = "[]",
    ...attributes
  } = valuesOf(span.attributes);
  return {
    project: "default",
    trace_id: span.traceId.toString("hex"),
    span_id: span.spanId.toString("hex"),
    parent_span_id: span.parentSpanId.toString("hex"),
    name: span.name,
    kind: attributes[KEYS.operation] === "chat" ? "llm" : "other",
    service: resource[KEYS.serviceName],
    start_time: secondsText(String(span.startTimeUnixNano)),
    end_time: secondsText(String(span.endTimeUnixNano)),
    status: span.status?.code === 2 ? "error" : "unset",
    status_message: span.status?.message ?? "",
    operation: attributes[KEYS.operation] ?? "",
    provider: attributes[KEYS.provider] ?? "",
    model: attributes[KEYS.responseModel] ?? attributes[KEYS.requestModel] ?? "",
    agent: attributes[KEYS.agentName] ?? "",
    input_messages: inputMessages,
    output_messages: outputMessages,
    tool_name: attributes[KEYS.toolName] ?? "",
    input_tokens: attributes[KEYS.inputTokens] ?? null,
    output_tokens: attributes[KEYS.outputTokens] ?? null,
    session: attributes[KEYS.conversationId] ?? attributes["session.id"] ?? "",
    user: attributes[KEYS.userId] ?? "",
    attributes: textsOf(attributes),
    resource_attributes: textsOf(resource),
    scope,
    events: JSON.stringify(
      span.events.map((event) => ({ name: event.name, timeUnixNano: String(event.timeUnixNano), attributes: valuesOf(event.attributes) })),
    ),
    links: "[]",
    received_at: (Date.now() / 1_000).toFixed(6),
  };
}

function textsOf(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** Decimal nanoseconds since 1970 as fractional seconds, which the store reads as a time. */
function secondsText(nanos: string): string {
  return `${nanos.slice(0, -9)}.${nanos.slice(-9)}`;
}
