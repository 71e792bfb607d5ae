import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { oneKey } from "../testing/oneKey.ts";
import { aSpan, tracesRequest } from "../testing/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/otlpProtobufBuilder.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { untilWritten } from "../testing/untilTrue.ts";

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

test.each(DOORS)("%s lets nobody in without a key, and keeps what comes with one for its project", async (path, body) => {
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

test("gRPC lets nobody in without a key, and keeps what comes with one for its project", async () => {
  await using collector = await startLocked();
  const client = new Client(collector.grpcUrl.replace("http://", ""), credentials.createInsecure());
  const call = (metadata: Metadata): Promise<number> =>
    new Promise((resolve) => {
      const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
      const asIs = (bytes: Buffer): Buffer => bytes;
      client.makeUnaryRequest(path, asIs, asIs, tracesProtobuf([aSpan()]), metadata, (error) => resolve(error?.code ?? 0));
    });
  expect(await call(new Metadata())).toBe(16);
  const withKey = new Metadata();
  withKey.set("authorization", `Bearer ${KEY}`);
  expect(await call(withKey)).toBe(0);
  client.close();
  await untilWritten(collector.url);
  expect(collector.stored.flatMap(({ rows }) => rows.map(({ project }) => project))).toEqual(["shop"]);
});
