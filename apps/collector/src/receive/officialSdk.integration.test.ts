import { SpanStatusCode } from "@opentelemetry/api";
import { OTLPLogExporter as GrpcLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { rowsOfInsert } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aSpan, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilTrue, untilWritten } from "../testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const COLUMNS = `name, kind, service, status, status_message, model, input_tokens, cost_usd, cost_is_estimate, input_messages, tags, release, dialect, scope,
  mapSort(attributes) AS attributes, length(parent_span_id) AS parentLength, dateDiff('microsecond', start_time, end_time) AS lastedUs,
  JSONExtractArrayRaw(events)[1] LIKE '%"exception.message":"no seat"%' AS hasEvent`;

type TraceExporter = typeof JsonTraceExporter | typeof ProtobufTraceExporter | typeof GrpcTraceExporter;

async function sendTrace(url: string, Exporter: TraceExporter, service: string): Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.version": "1.2.3" }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new Exporter({ url }) })],
  });
  const tracer = provider.getTracer("my-agent");
  const start = new Date("2026-01-02T03:04:05.678Z");
  const root = tracer.startSpan("invoke_agent clerk", { startTime: start, attributes: { "gen_ai.operation.name": "invoke_agent" } });
  root.setStatus({ code: SpanStatusCode.ERROR, message: "gave up" });
  root.recordException(new Error("no seat"), start);
  root.end(new Date(start.getTime() + 250));
  const child = tracer.startSpan("chat größe \u{1f600}", { startTime: start });
  child.setAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.output_tokens": 10,
    "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "Hi\n\n'; DROP TABLE spans" }] }]),
    "signalbox.tags": ["a", "b"],
    double: 0.1,
    yes: true,
    empty: "",
  });
  child.end(new Date(start.getTime() + 100));
  await provider.shutdown();
}

test("the official exporters in protobuf, in JSON and over gRPC give the same rows", async () => {
  await using collector = await startTestCollector({}, store.insert);
  await sendTrace(`${collector.url}/v1/traces`, ProtobufTraceExporter, "in-protobuf");
  await sendTrace(`${collector.url}/v1/traces`, JsonTraceExporter, "in-json");
  await sendTrace(collector.grpcUrl, GrpcTraceExporter, "over-grpc");
  const rowsOf = (service: string) => store.rows(`SELECT ${COLUMNS} FROM spans WHERE service = '${service}' ORDER BY name`);
  await untilWritten(collector.url);
  const [chat, agent] = await rowsOf("in-protobuf");
  for (const service of ["in-json", "over-grpc"])
    expect(await rowsOf(service)).toEqual([
      { ...chat, service },
      { ...agent, service },
    ]);
  expect(agent).toMatchObject({
    kind: "agent",
    status: "error",
    status_message: "gave up",
    hasEvent: 1,
    cost_usd: null,
    lastedUs: "250000",
    release: "1.2.3",
  });
  expect(chat).toMatchObject({
    kind: "llm",
    name: "chat größe \u{1f600}",
    input_tokens: 1_000,
    cost_usd: 0.0026,
    cost_is_estimate: true,
    tags: ["a", "b"],
  });
  expect(chat?.input_messages).toBe('[{"role":"user","parts":[{"type":"text","content":"Hi\\n\\n\'; DROP TABLE spans"}]}]');
  expect(chat?.attributes).toMatchObject({ double: "0.1", yes: "true", empty: "" });
});

test.each([
  ["protobuf", ProtobufLogExporter],
  ["JSON", JsonLogExporter],
  ["protobuf over gRPC", GrpcLogExporter],
])("log records of the official SDK in %s become scores and logs", async (name, Exporter) => {
  await using collector = await startTestCollector({}, store.insert);
  const service = `logs in ${name}`;
  const url = Exporter === GrpcLogExporter ? collector.grpcUrl : `${collector.url}/v1/logs`;
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    processors: [new BatchLogRecordProcessor({ exporter: new Exporter({ url }) })],
  });
  const logger = provider.getLogger("my-agent");
  logger.emit({ eventName: "something.else", severityText: "INFO", body: { a: [1, "x"] }, attributes: { n: 1 }, timestamp: new Date() });
  logger.emit({ eventName: "gen_ai.evaluation.result", attributes: { "gen_ai.evaluation.name": "helpful" }, timestamp: new Date() });
  await provider.shutdown();
  const rows = () => store.rows(`SELECT event_name, severity, body, attributes FROM logs WHERE service = '${service}' ORDER BY event_name`);
  await untilWritten(collector.url);
  expect(await rows()).toMatchObject([
    { event_name: "gen_ai.evaluation.result", attributes: { "gen_ai.evaluation.name": "helpful" } },
    { event_name: "something.else", severity: "INFO", body: '{"a":[1,"x"]}', attributes: { n: "1" } },
  ]);
});

/** A journal without room for this large span may still have room for a small one. */
const MORE_THAN_IS_LEFT = { attributes: { text: "x".repeat(2_000) } };

test("the official exporter sends again what the collector could not take, and it is stored", async () => {
  let isStoreUp = false;
  const names = new Set<unknown>();
  await using collector = await startTestCollector({ bytesMax: 20_000 }, async (insert) => {
    if (!isStoreUp) return { kind: "unavailable", reason: "it is down" };
    for (const { name } of rowsOfInsert(insert)) names.add(name);
    return { kind: "stored" };
  });
  const url = `${collector.url}/v1/traces`;
  const headers = { "content-type": "application/json" };
  const fill = () => fetch(url, { method: "POST", headers, body: JSON.stringify(tracesRequest([aSpan()])) });
  while ((await fill()).status === 200);

  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new ProtobufTraceExporter({ url }) })] });
  provider.getTracer("my-agent").startSpan("sent again", MORE_THAN_IS_LEFT).end();
  const flushed = provider.forceFlush();
  const refusals = async () => Number(/status="503"\} (\d+)/.exec(await (await fetch(`${collector.url}/metrics`)).text())?.[1]);
  await untilTrue(async () => (await refusals()) >= 2);
  isStoreUp = true;
  await flushed;
  await provider.shutdown();
  await untilTrue(() => names.has("sent again"));
});

test("the official exporter over gRPC, which never retries, is kept waiting until there is room", async () => {
  // The store comes back some attempts after the exporter began to send.
  let attemptsLeft = Number.POSITIVE_INFINITY;
  const names = new Set<unknown>();
  await using collector = await startTestCollector({ bytesMax: 20_000, grpcHoldMsMax: 8_000 }, async (insert) => {
    attemptsLeft -= 1;
    if (attemptsLeft > 0) return { kind: "unavailable", reason: "it is down" };
    for (const { name } of rowsOfInsert(insert)) names.add(name);
    return { kind: "stored" };
  });
  const headers = { "content-type": "application/json" };
  const fill = () => fetch(`${collector.url}/v1/traces`, { method: "POST", headers, body: JSON.stringify(tracesRequest([aSpan()])) });
  while ((await fill()).status === 200);

  const exporter = new GrpcTraceExporter({ url: collector.grpcUrl });
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
  provider.getTracer("my-agent").startSpan("kept waiting", MORE_THAN_IS_LEFT).end();
  const flushed = provider.forceFlush();
  attemptsLeft = 2;
  await flushed;
  await provider.shutdown();
  await untilTrue(() => names.has("kept waiting"));
});
