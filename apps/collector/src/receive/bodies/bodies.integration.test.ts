import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import type { Encoding } from "../../decode/index.ts";
import type { RecordKind } from "../../journal/index.ts";
import { EVERY_ENVELOPE } from "../../testing/builders/azureBuilders.ts";
import { EVERY_METRIC, metricsRequest } from "../../testing/builders/metricsBuilders.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "../../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../../testing/builders/otlpProtobufBuilder.ts";
import { turnsUntil } from "../../testing/turnsUntil.ts";
import { Bodies } from "./bodies.ts";
import { BODY_WORK } from "./bodyWork.ts";

const BODY_BYTES = 63 * 1024 * 1024;
const RECEIVED_AT_US = Date.now() * 1_000;

const log = pino({ level: "silent" });
const bodies = new Bodies(log);
afterAll(() => bodies[Symbol.asyncDispose]());

const check = (kind: RecordKind, encoding: Encoding = "json") => ({ kind, encoding, receivedAtUs: RECEIVED_AT_US });

/** A body of 63 MiB made of copies of `item`. */
function listOf(item: string, begin = "", end = "", between = ","): Buffer {
  const times = Math.floor((BODY_BYTES - begin.length - end.length) / (item.length + between.length));
  return Buffer.from(begin + (item + between).repeat(times - 1) + item + end);
}

/** A request with many copies of its only record. */
function listInRequest(request: object, record: object): Buffer {
  const text = JSON.stringify(record);
  const [begin, end] = JSON.stringify(request).split(text);
  return listOf(text, begin, end);
}

const words = "to be or not to be ".repeat(60);
const span = aSpan({ attributes: attributes({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": words }) });
const logRecord = { timeUnixNano: "1763900000000000000", body: { stringValue: words } };
const run = { id: "01a2166c-f4c5-7000-8000-026b8e1c505f", name: "step", run_type: "chain", inputs: { words } };
const envelope = EVERY_ENVELOPE.find(({ data }) => data.baseType === "RemoteDependencyData");
const part = (content: object) =>
  `--b\r\nContent-Disposition: form-data; name="post.${run.id}"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(content)}\r\n`;

test.each<[string, RecordKind, Encoding, () => Buffer]>([
  ["traces in JSON", "otlp_traces", "json", () => listInRequest(tracesRequest([span]), span)],
  ["traces in protobuf", "otlp_traces", "protobuf", () => protobufOf()],
  ["logs", "otlp_logs", "json", () => listInRequest(logsRequest([logRecord]), logRecord)],
  [
    "metrics",
    "otlp_metrics",
    "json",
    () => listOf(JSON.stringify(metricsRequest(EVERY_METRIC)).slice(20, -2), '{"resourceMetrics":[', "]}"),
  ],
  ["a batch of runs", "langsmith_batch", "json", () => listOf(JSON.stringify(run), '{"post":[', "]}")],
  ["a form of runs", "langsmith_multipart", "json", () => listOf(part(run), "", "--b--\r\n", "")],
  ["items of Azure's", "azure_track", "json", () => listOf(JSON.stringify({ ...envelope, words: words.repeat(4) }), "[", "]")],
])("63 MiB of %s are checked while this thread goes on", async (_name, kind, encoding, make) => {
  const checked = bodies.work("check", make(), "identity", check(kind, encoding));
  expect(await turnsUntil(checked)).toBeGreaterThan(10);
  expect((await checked).received).toBeGreaterThan(0);
});

function protobufOf(): Buffer {
  const spans = tracesProtobuf(Array.from({ length: 1_000 }, () => span));
  return Buffer.concat(Array.from({ length: Math.floor(BODY_BYTES / spans.length) }, () => spans));
}

test.each<[string, () => Promise<unknown>]>([
  ["an upload of AgentOps'", () => bodies.work("upload", listOf("a", '{"body":"', '"}', ""), "identity", { traceId: null })],
  [
    "a single run",
    () => bodies.work("batchOfOne", listOf("a", '{"a":"', '"}', ""), "identity", { form: "patch", path: `/runs/${run.id}` }),
  ],
  [
    "items of Azure's by their keys",
    () => bodies.work("shareOut", listOf(JSON.stringify({ words: words.repeat(4) }), "[", "]"), "identity", {}),
  ],
  ["what is small until it is decompressed", () => bodies.work("mentions", gzipSync(listOf("a")), "gzip", { text: "b" })],
])("63 MiB of %s are looked into while this thread goes on", async (_name, work) => {
  expect(await turnsUntil(work().catch(() => {}))).toBeGreaterThan(10);
});

test("a large body is checked like a small one", async () => {
  const spans = [span, aSpan({ spanId: "00" }), aSpan({ traceId: "00" })];
  const large = Buffer.from(JSON.stringify(tracesRequest([...spans, aSpan({ name: "long ".repeat(500_000) })])));
  const here = BODY_WORK.check(large, check("otlp_traces"));
  expect(await bodies.work("check", large, "identity", check("otlp_traces"))).toEqual(here);
  expect([here.received, Object.fromEntries(here.rejected)]).toEqual([4, { bad_span_id: 1, bad_trace_id: 1 }]);
});

test("a malformed large body is refused like a small one", async () => {
  const [small, large] = ["{", `{"a":"${"a".repeat(2_000_000)}`].map((text) =>
    bodies.work("check", Buffer.from(text), "identity", check("otlp_traces")),
  );
  await expect(small).rejects.toMatchObject({ name: "MalformedBody", fault: "malformed" });
  await expect(large).rejects.toMatchObject({ name: "MalformedBody", fault: "malformed" });
});

test("a body whose thread dies is told to retry, and the next one gets a new thread", async () => {
  let threads = 0;
  await using mortal = new Bodies(log, () => {
    threads += 1;
    return threads === 1 ? new Worker("process.exit()", { eval: true }) : new Worker(new URL("./bodyMain.ts", import.meta.url));
  });
  const large = Buffer.alloc(2_000_000, "a");
  await expect(mortal.work("mentions", large, "identity", { text: "a" })).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(await mortal.work("mentions", large, "identity", { text: "a" })).toBe(true);
});

test("a failure of our own code is a final error, and the thread goes on", async () => {
  const threads: Worker[] = [];
  await using own = new Bodies(log, () => {
    const thread = new Worker(new URL("./bodyMain.ts", import.meta.url));
    threads.push(thread);
    return thread;
  });
  const body = Buffer.alloc(2 * 1024 * 1024, "a");
  const failing = own.work("check", body, "identity", check("nobody's" as RecordKind));
  await expect(failing).rejects.toThrow("nobody sends nobody's");
  await expect(failing).rejects.not.toHaveProperty("code");
  expect(await own.work("mentions", body, "identity", { text: "aaa" })).toBe(true);
  expect(threads).toHaveLength(1);
});
