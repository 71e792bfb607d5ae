import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { aSpan, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { oneKey } from "../testing/oneKey.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { unreadOf } from "../testing/unreadOf.ts";
import { untilTrue, untilWritten } from "../testing/untilTrue.ts";

const KEY = "11111111-2222-3333-4444-555555555555";

const startLocked = () => startTestCollector({ isKeyRequired: true }, undefined, { keySource: oneKey(KEY, "shop") });

const RUN_ID = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";
const run = { id: RUN_ID, trace_id: RUN_ID, dotted_order: `20261126T060000000000Z${RUN_ID}`, name: "step", run_type: "chain", inputs: {} };
const envelope = {
  name: "Microsoft.ApplicationInsights.Message",
  time: "2026-11-26T06:00:00.000Z",
  iKey: "00000000-0000-0000-0000-000000000000",
  data: { baseType: "MessageData", baseData: { ver: 2, message: "hello" } },
};

const DOORS: readonly [path: string, body: unknown][] = [
  ["/v1/traces", tracesRequest([aSpan()])],
  ["/v1/logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "hello" } }] }] }] }],
  ["/v1/metrics", { resourceMetrics: [] }],
  ["/api/public/otel/v1/traces", tracesRequest([aSpan()])],
  ["/otel/v1/traces", tracesRequest([aSpan()])],
  ["/runs/batch", { post: [run] }],
  ["/datasets", { name: "questions" }],
  ["/v2.1/track", envelope],
  ["/v4/objects/upload/", { body: "data:text/plain;base64,AAAA" }],
];

/** A gRPC client; `call` resolves to the status code of a call. */
function grpcDoor(grpcUrl: string) {
  const client = new Client(grpcUrl.replace("http://", ""), credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
  return {
    call(key: string | null, message = tracesProtobuf([aSpan()])): Promise<number> {
      const metadata = new Metadata();
      if (key !== null) metadata.set("authorization", `Bearer ${key}`);
      return new Promise((resolve) => {
        const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
        const asIs = (bytes: Buffer): Buffer => bytes;
        client.makeUnaryRequest(path, asIs, asIs, message, metadata, (error) => resolve(error?.code ?? 0));
      });
    },
    [Symbol.dispose]: () => client.close(),
  };
}

test.each(DOORS)("%s refuses requests without a key, and stores those with one in its project", async (path, body) => {
  await using collector = await startLocked();
  const send = (headers: Record<string, string>) =>
    fetch(`${collector.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  expect((await send({})).status).toBe(401);
  expect((await send({ "x-api-key": "sbx_wrong" })).status).toBe(401);
  expect((await send({ "x-api-key": KEY })).ok).toBe(true);
  await untilWritten(collector.url);
  const projects = collector.stored.flatMap(({ rows }) => rows.map(({ project }) => project));
  expect(projects).toEqual(projects.map(() => "shop"));
});

test("requests beyond a key's rate are counted, over HTTP and over gRPC, since their project is known", async () => {
  const keySource = oneKey(KEY, "shop", { requestsPerMinuteMax: 1 });
  await using collector = await startTestCollector({ isKeyRequired: true }, undefined, { keySource });
  const send = () =>
    fetch(`${collector.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": KEY },
      body: JSON.stringify(tracesRequest([aSpan()])),
    });
  expect([(await send()).status, (await send()).status]).toEqual([200, 429]);
  using door = grpcDoor(collector.grpcUrl);
  expect(await door.call(KEY)).toBe(14);
  await untilTrue(() => unreadOf(collector).length === 2);
  expect(unreadOf(collector)).toEqual([
    { source: "otlp_traces_grpc", reason: "rate_limited" },
    { source: "otlp_traces_http", reason: "rate_limited" },
  ]);
});

test("a message too large for gRPC is counted as unread", async () => {
  await using collector = await startTestCollector();
  using door = grpcDoor(collector.grpcUrl);
  expect(await door.call(null, Buffer.alloc(64 * 1024 * 1024 + 1))).toBe(8);
  await untilTrue(() => unreadOf(collector).length === 1);
  expect(unreadOf(collector)).toEqual([{ source: "otlp_traces_grpc", reason: "too_large" }]);
});

test("gRPC refuses requests without a key, and stores those with one in its project", async () => {
  await using collector = await startLocked();
  using door = grpcDoor(collector.grpcUrl);
  expect(await door.call(null)).toBe(16);
  expect(await door.call(KEY)).toBe(0);
  await untilWritten(collector.url);
  expect(collector.stored.flatMap(({ rows }) => rows.map(({ project }) => project))).toEqual(["shop"]);
});
