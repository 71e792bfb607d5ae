import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCollector } from "./testing/testCollector.ts";
import { startTestStore, type TestStore } from "./testing/testStore.ts";
import { untilTrue } from "./testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

test("spans that the official SDK sends are in the store within a second of their acknowledgement", async () => {
  await using collector = await startTestCollector({ batchAgeMs: 200 }, store.insert);
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const waitedMs: number[] = [];
  for (let sent = 0; sent < 5; sent += 1) {
    const span = provider.getTracer("my-agent").startSpan("first");
    span.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 12 });
    span.end();
    await provider.forceFlush();
    const acknowledgedAt = Date.now();
    await untilTrue(
      async () => (await store.number(`SELECT count() FROM spans WHERE trace_id = unhex('${span.spanContext().traceId}')`)) === 1,
    );
    waitedMs.push(Date.now() - acknowledgedAt);
  }
  await provider.shutdown();
  expect(waitedMs.sort((a, b) => a - b)[2]).toBeLessThan(1_000);
});
