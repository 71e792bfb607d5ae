import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Compression, type Encoding, MalformedBody, plainBody } from "../decode/index.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { LOGS, METRICS, RUNS, type Signal, TRACES, TRACK } from "./signal.ts";

const MIB = 1024 * 1024;
const BODY_BYTES = 64 * MIB;

/** The most processor time of this thread that one body may take, in milliseconds: all other requests wait for it. */
const BUSY_MS_MAX = 1_000;

const RECEIVED_AT_US = 1_763_900_002_000_000;

/** A body of the largest size: `begin`, then the same few bytes over and over. */
const filled = (bytes: string | Uint8Array, begin = ""): Buffer =>
  Buffer.concat([Buffer.from(begin), Buffer.alloc(BODY_BYTES - begin.length, bytes)]);

const receivedBy = (signal: Signal) => (encoding: Encoding) => (body: Buffer) => signal.check(body, encoding, RECEIVED_AT_US).received;

const SIGNALS = {
  traces: receivedBy(TRACES),
  logs: receivedBy(LOGS),
  metrics: receivedBy(METRICS),
  batch: () => receivedBy(RUNS.batch)("json"),
  form: () => receivedBy(RUNS.multipart)("json"),
  track: () => receivedBy(TRACK)("json"),
};

/** The number of records read from a body, or "refused"; throws if it kept this thread busy for too long. */
function readOf(read: (body: Buffer) => number, body: Buffer): number | "refused" {
  const spent = process.threadCpuUsage();
  let records: number | "refused";
  try {
    records = read(body);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    records = "refused";
  }
  const { user, system } = process.threadCpuUsage(spent);
  expect((user + system) / 1_000).toBeLessThan(BUSY_MS_MAX);
  return records;
}

const PARTS = { empty: Uint8Array.of(0x0a, 0), form: "--b\r\n", headers: '--b\r\nContent-Disposition: form-data; name="post.x"\r\n\r\n' };

test.each<[string, (body: Buffer) => number, () => Buffer, number | "refused"]>([
  ["traces: zeros", SIGNALS.traces("protobuf"), () => filled("\0"), "refused"],
  ["traces: ones", SIGNALS.traces("protobuf"), () => filled(Uint8Array.of(0xff)), "refused"],
  ["traces: empty messages", SIGNALS.traces("protobuf"), () => filled(PARTS.empty), "refused"],
  ["logs: empty messages", SIGNALS.logs("protobuf"), () => filled(PARTS.empty), "refused"],
  ["metrics: empty messages", SIGNALS.metrics("protobuf"), () => filled(PARTS.empty), "refused"],
  ["traces: opening brackets", SIGNALS.traces("json"), () => filled("["), "refused"],
  ["logs: opening braces", SIGNALS.logs("json"), () => filled('{"a":'), "refused"],
  ["metrics: space", SIGNALS.metrics("json"), () => filled(" "), "refused"],
  ["traces: a text without end", SIGNALS.traces("json"), () => filled("a", '{"resourceSpans":"'), "refused"],
  ["traces: escapes without end", SIGNALS.traces("json"), () => filled("\\u0000", '{"resourceSpans":"'), "refused"],
  ["traces: one number", SIGNALS.traces("json"), () => filled("1"), "refused"],
  ["a batch: opening brackets", SIGNALS.batch(), () => filled("["), "refused"],
  ["a form: its boundary", SIGNALS.form(), () => filled(PARTS.form), "refused"],
  ["a form: line ends", SIGNALS.form(), () => filled("\r\n", "--b\r\n"), "refused"],
  ["a form: dashes", SIGNALS.form(), () => filled("-", PARTS.headers), "refused"],
  ["Azure's items: empty lines", SIGNALS.track(), () => filled("\n"), 0],
  ["Azure's items: empty objects", SIGNALS.track(), () => filled("{}\n"), "refused"],
])("64 MiB of nothing are refused in less than a second: %s", (_name, read, body, expected) => {
  expect(readOf(read, body())).toBe(expected);
});

test.each<[Compression, (body: Buffer) => Buffer]>([
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
])("a bomb in %s is refused in less than a second", (compression, compress) => {
  const bomb = compress(Buffer.alloc(4 * BODY_BYTES));
  expect(readOf((body) => plainBody(body, compression).length, bomb)).toBe("refused");
});

const many = attributes(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key ${index}`, "v"])));

test.each([
  ["a span in protobuf", SIGNALS.traces("protobuf"), tracesProtobuf([aSpan({ attributes: many })])],
  ["a span in JSON", SIGNALS.traces("json"), Buffer.from(JSON.stringify(tracesRequest([aSpan({ attributes: many })])))],
  ["a log record", SIGNALS.logs("json"), Buffer.from(JSON.stringify(logsRequest([{ timeUnixNano: "1", attributes: many }])))],
])("100,000 attributes are read in less than a second: %s", (_name, read, body) => {
  expect(readOf(read, body)).toBe(1);
});

const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const deepValue = `${'{"arrayValue":{"values":['.repeat(100_000)}${"]}}".repeat(100_000)}`;

test.each([
  ["traces", SIGNALS.traces("json"), `{"resourceSpans":${deep}}`],
  ["values of a span", SIGNALS.traces("json"), `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${deepValue}}]}}]}`],
  ["logs", SIGNALS.logs("json"), `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${deepValue}}]}]}]}`],
  ["metrics", SIGNALS.metrics("json"), `{"resourceMetrics":${deep}}`],
  ["Azure's items", SIGNALS.track(), deep],
])("what is nested a hundred thousand deep is refused in less than a second: %s", (_name, read, text) => {
  expect(readOf(read, Buffer.from(text))).toBe("refused");
});

const invalid = Buffer.from("c0afeda080fffe", "hex");
const inText = (text: string): Buffer => Buffer.from(text.replace("?", invalid.toString("latin1")), "latin1");

test.each([
  ["traces", SIGNALS.traces("json"), JSON.stringify(tracesRequest([aSpan({ name: "?" })]))],
  ["logs", SIGNALS.logs("json"), JSON.stringify(logsRequest([{ timeUnixNano: "1", body: { stringValue: "?" } }]))],
  ["metrics", SIGNALS.metrics("json"), '{"resourceMetrics":[],"a":"?"}'],
  ["a batch of runs", SIGNALS.batch(), '{"post":[],"a":"?"}'],
  ["Azure's items", SIGNALS.track(), '[{"name":"?"}]'],
])("JSON that is no UTF-8 is refused: %s", (_name, read, text) => {
  expect(readOf(read, inText(text))).toBe("refused");
});

test.each(["", "00", "5b8efff798038103d269b633813fc6", "5b8efff798038103d269b633813fc60c00", "zz8efff798038103d269b633813fc60c"])(
  "a trace id of another length or alphabet makes no span: %j",
  (traceId) => {
    const body = Buffer.from(JSON.stringify(tracesRequest([aSpan({ traceId }), aSpan()])));
    const { received, rejected } = TRACES.check(body, "json", RECEIVED_AT_US);
    expect([received, ...rejected.values()]).toEqual([2, 1]);
  },
);
