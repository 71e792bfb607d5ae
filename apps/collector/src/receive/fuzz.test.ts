import { gzipSync, zstdCompressSync } from "node:zlib";
import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { AN_EVALUATION, EVERY_ENVELOPE } from "../testing/builders/azureBuilders.ts";
import { EVERY_METRIC, everyMetricProtobuf, metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { mutate } from "../testing/mutate.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { untilWritten } from "../testing/untilTrue.ts";

const ROUNDS = 400;

const span = aSpan({
  attributes: [
    ...attributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    }),
    { key: "nested", value: { kvlistValue: { values: [{ key: "list", value: { arrayValue: { values: [{ doubleValue: 1.5 }] } } }] } } },
  ],
  events: [
    { name: "gen_ai.evaluation.result", timeUnixNano: "1763900000000000000", attributes: attributes({ "gen_ai.evaluation.name": "n" }) },
  ],
});
const log = { timeUnixNano: "1763900000000000000", eventName: "signalbox.decision", body: { stringValue: "{}" } };

test.each([
  ["protobuf traces", "v1/traces", "application/x-protobuf", "identity", tracesProtobuf([span, aSpan()])],
  ["JSON traces", "v1/traces", "application/json", "identity", Buffer.from(JSON.stringify(tracesRequest([span, aSpan()])))],
  ["JSON logs", "v1/logs", "application/json", "identity", Buffer.from(JSON.stringify(logsRequest([log, log])))],
  ["protobuf metrics", "v1/metrics", "application/x-protobuf", "identity", everyMetricProtobuf()],
  ["JSON metrics", "v1/metrics", "application/json", "identity", Buffer.from(JSON.stringify(metricsRequest(EVERY_METRIC)))],
  [
    "Application Insights",
    "v2.1/track",
    "application/json",
    "identity",
    Buffer.from(JSON.stringify(EVERY_ENVELOPE.filter((envelope) => envelope !== AN_EVALUATION))),
  ],
  ["AgentOps' logs", "v4/logs/upload/", "application/json", "identity", Buffer.from(JSON.stringify({ body: "printed" }))],
  ["gzipped protobuf", "v1/traces", "application/x-protobuf", "gzip", gzipSync(tracesProtobuf([span, aSpan()]))],
  ["protobuf in zstd", "v1/traces", "application/x-protobuf", "zstd", zstdCompressSync(tracesProtobuf([span, aSpan()]))],
] as const)(
  "%s: whatever the bytes, each record that was received is a row, and a refused request leaves none",
  async (_name, path, type, compression, body) => {
    const random = mulberry32(20_261_123);
    await using collector = await startTestCollector();
    const headers = { "content-type": type, "content-encoding": compression, "trace-id": "1" };
    const statuses = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { status } = await fetch(`${collector.url}/${path}`, {
        method: "POST",
        headers,
        body: new Uint8Array(mutate(body, random)),
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => status !== 206).sort()).toEqual([200, 400]);

    expect((await fetch(`${collector.url}/${path}`, { method: "POST", headers, body: new Uint8Array(body) })).status).toBe(200);
    await untilWritten(collector.url);
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    const received = Number(/records_received_total\{.*\} (\d+)/.exec(metrics)?.[1]);
    const rows = collector.stored.filter(({ table }) => table !== "scores").flatMap((stored) => stored.rows);
    expect(rows).toHaveLength(received);
    for (const row of rows) expect(row.project).toBe("default");
  },
);
