import { gzipSync } from "node:zlib";
import protobuf from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import {
  BODY_BYTES_MAX,
  decodeLogRecords,
  decodeSpans,
  faultOfLogRecord,
  faultsOfTraces,
  MalformedBody,
  plainBody,
  tracesInProtobuf,
} from "./index.ts";

const NOW_US = Date.now() * 1_000;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const spanOf = (span: object) => decodeSpans(json({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), "json")[0];

const faultsOfJson = (request: object) => faultsOfTraces(tracesInProtobuf(json(request), "json"), NOW_US);

const everyKindOfValue = aSpan({
  parentSpanId: "00f067aa0ba902b7",
  attributes: [
    ...attributes({ text: "größe \u0000 \u{1f600}", int: -7, double: 0.5, yes: true }),
    { key: "big", value: { intValue: "-9223372036854775808" } },
    { key: "bytes", value: { bytesValue: "AAH/" } },
    { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1 }, { arrayValue: { values: [] } }] } } },
    { key: "__proto__", value: { kvlistValue: { values: [{ key: "__proto__", value: { boolValue: true } }] } } },
  ],
  events: [{ name: "exception", timeUnixNano: "1763900000000000001", attributes: attributes({ "exception.type": "E" }) }],
  status: { code: 2, message: "it failed" },
});

test("the same request decodes to the same in protobuf and in JSON", () => {
  const fromProtobuf = decodeSpans(tracesProtobuf([everyKindOfValue, aSpan()].slice(0, 1)), "protobuf");
  expect(fromProtobuf).toEqual(decodeSpans(json(tracesRequest([everyKindOfValue])), "json"));
  expect(fromProtobuf[0]?.attributes.get("big")).toBe("-9223372036854775808");
  expect(JSON.stringify(fromProtobuf[0]?.attributes.get("__proto__"))).toBe('{"__proto__":true}');
});

test("fields may come in any order: a scope and a resource after their spans still count", () => {
  const writer = protobuf.Writer.create();
  writer.uint32(10).fork();
  writer
    .uint32(18)
    .fork()
    .uint32(18)
    .fork()
    .uint32(42)
    .string("named")
    .ldelim()
    .uint32(10)
    .fork()
    .uint32(10)
    .string("late scope")
    .ldelim()
    .ldelim();
  writer
    .uint32(10)
    .fork()
    .uint32(10)
    .fork()
    .uint32(10)
    .string("late")
    .uint32(18)
    .fork()
    .uint32(10)
    .string("resource")
    .ldelim()
    .ldelim()
    .ldelim();
  const [span] = decodeSpans(Buffer.from(writer.ldelim().finish()), "protobuf");
  expect(span).toMatchObject({ name: "named", origin: { scope: "late scope", resource: new Map([["late", "resource"]]) } });
});

test("JSON ids are hex of any case, integers are numbers or text, unknown fields and nulls are ignored", () => {
  const span = spanOf({
    traceId: "5B8EFFF798038103D269B633813FC60C",
    spanId: "EEE19B7EC3C1B174",
    parentSpanId: null,
    startTimeUnixNano: "1544712660000000001",
    endTimeUnixNano: 1,
    droppedAttributesCount: "not even a number",
    attributes: [
      { key: "n", value: { intValue: "12" } },
      { key: "m", value: { intValue: 12 } },
      { key: "d", value: { doubleValue: "NaN" } },
    ],
    future: { field: [1] },
  });
  expect(span).toMatchObject({
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    parentSpanId: "",
    endTimeUnixNano: 1n,
  });
  expect([...(span?.attributes ?? [])]).toEqual([
    ["n", 12],
    ["m", 12],
    ["d", "NaN"],
  ]);
});

test("a time written as a JSON number keeps every nanosecond", () => {
  const body = Buffer.from(
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":1544712660000000001,"endTimeUnixNano":1544712660000000003}]}]}]}',
  );
  expect(decodeSpans(body, "json")[0]).toMatchObject({ startTimeUnixNano: 1544712660000000001n, endTimeUnixNano: 1544712660000000003n });
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["text that is no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ["a list that is none", '{"resourceSpans":{}}'],
  ["a list of numbers", '{"resourceSpans":[1]}'],
])("JSON that is %s is malformed", (_name, body) => {
  expect(() => decodeSpans(Buffer.from(body), "json")).toThrow(MalformedBody);
});

test.each([
  ["an id that is a number", { traceId: 5 }],
  ["a negative time", { startTimeUnixNano: "-1" }],
  ["a time of 65 bits", { startTimeUnixNano: "18446744073709551616" }],
  ["an integer that is none", { attributes: [{ key: "a", value: { intValue: "1.5" } }] }],
])("a span in JSON with %s is no span; those beside it are", (_name, wrong) => {
  const spans = [aSpan(), { ...aSpan(), ...wrong }];
  expect(faultsOfTraces(tracesInProtobuf(json({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), "json"), NOW_US)).toEqual([
    null,
    "no_span",
  ]);
});

test.each([
  ["cut off", tracesProtobuf([aSpan()]).subarray(0, -1)],
  ["a message longer than the one around it", Buffer.from([0x0a, 0x04, 0x12, 0x10, 0x00, 0x00])],
  ["an impossible wire type", Buffer.from([0x0f])],
  ["a field number of 0", Buffer.from([0x02, 0x00])],
  ["text", Buffer.from("hello, I am no protobuf")],
])("protobuf that is %s is malformed", (_name, body) => {
  expect(() => decodeSpans(Buffer.from(body), "protobuf")).toThrow(MalformedBody);
});

test("bytes in the place of text become replacement characters", () => {
  const body = tracesProtobuf([aSpan({ name: "abc" })]);
  body[body.indexOf("abc") + 1] = 0xff;
  expect(decodeSpans(body, "protobuf")[0]?.name).toBe("a\ufffdc");
});

test("endless nesting is refused without a stack overflow", () => {
  const depth = 5_000;
  const nested = `${'{"arrayValue":{"values":['.repeat(depth)}${"]}}".repeat(depth)}`;
  const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${nested}}]}]}]}]}`;
  expect(decodeSpans(Buffer.from(body), "json")[0]).toMatchObject({ spanId: "", statusMessage: expect.stringContaining("nest too deep") });

  let value = Buffer.alloc(0);
  for (let level = 0; level < 300; level += 1) value = lengthDelimited(1, lengthDelimited(5, value));
  const attribute = lengthDelimited(9, lengthDelimited(2, lengthDelimited(5, value)));
  expect(() => decodeSpans(lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, attribute))), "protobuf")).toThrow(/nest too deep/);
});

function lengthDelimited(field: number, content: Buffer): Buffer<ArrayBuffer> {
  return Buffer.concat([
    protobuf.Writer.create()
      .uint32((field << 3) | 2)
      .uint32(content.length)
      .finish(),
    content,
  ]) as Buffer<ArrayBuffer>;
}

test("millions of empty messages are refused before they fill memory", () => {
  const spans = Buffer.alloc(10_000_000);
  for (let at = 0; at < spans.length; at += 2) spans[at] = 0x12;
  const protobufBody = lengthDelimited(1, lengthDelimited(2, spans));
  expect(() => decodeSpans(protobufBody, "protobuf")).toThrow(expect.objectContaining({ fault: "too_large" }));
  expect(() => decodeSpans(Buffer.from(`{"resourceSpans":[${"{},".repeat(5_000_000)}{}]}`), "json")).toThrow(
    expect.objectContaining({ fault: "too_large" }),
  );
});

test("brackets within text do not count as values", () => {
  const body = json({ resourceSpans: [], ignored: '[{"\\'.repeat(3_000_000) });
  expect(decodeSpans(body, "json")).toEqual([]);
});

test("a gzip bomb is refused at the limit, one byte less is not", () => {
  expect(() => plainBody(gzipSync(Buffer.alloc(BODY_BYTES_MAX + 1)), "gzip")).toThrow(expect.objectContaining({ fault: "too_large" }));
  expect(plainBody(gzipSync(Buffer.alloc(BODY_BYTES_MAX)), "gzip").length).toBe(BODY_BYTES_MAX);
  expect(() => plainBody(Buffer.from("no gzip"), "gzip")).toThrow(expect.objectContaining({ fault: "malformed" }));
});

const nanosOf = (date: string): string => `${Date.parse(date)}000000`;

test.each([
  ["nothing", {}, null],
  ["no ids", { traceId: "", spanId: "" }, "no_span"],
  ["no trace id", { traceId: "" }, "bad_trace_id"],
  ["a trace id of zeros", { traceId: "0".repeat(32) }, "bad_trace_id"],
  ["a short trace id", { traceId: "abcd" }, "bad_trace_id"],
  ["a trace id that is no hex", { traceId: "z".repeat(32) }, "bad_trace_id"],
  ["a span id of zeros", { spanId: "0".repeat(16) }, "bad_span_id"],
  ["a long span id", { spanId: "a".repeat(32) }, "bad_span_id"],
  ["a parent id of three bytes", { parentSpanId: "abcdef" }, "bad_parent_span_id"],
  ["a parent id of zeros, which means none", { parentSpanId: "0".repeat(16) }, null],
  ["no name, which OTLP allows", { name: "" }, null],
  ["no start", { startTimeUnixNano: "0" }, "bad_start_time"],
  ["a start in milliseconds", { startTimeUnixNano: "1763900000000", endTimeUnixNano: "1763900000000" }, "bad_start_time"],
  ["a start in the far future", { startTimeUnixNano: nanosOf("2060-01-01"), endTimeUnixNano: nanosOf("2060-01-02") }, "bad_start_time"],
  ["an end before the start", { endTimeUnixNano: nanosOf("2020-01-01") }, "bad_end_time"],
  ["an end that the store's clock cannot hold", { endTimeUnixNano: "18446744073709551615" }, "bad_end_time"],
  ["an old date", { startTimeUnixNano: nanosOf("2001-09-09"), endTimeUnixNano: nanosOf("2001-09-09") }, null],
])("a span with %s", (_name, over, fault) => {
  expect(faultsOfJson(tracesRequest([aSpan(over)]))).toEqual([fault]);
});

test("a resource is refused if its copies in all its spans would be too large", () => {
  expect(faultsOfJson(tracesRequest([aSpan()], "x".repeat(100_000)))).toEqual(["resource_too_large"]);
});

test.each([
  ["neither ids nor time", { timeUnixNano: "0" }, null],
  ["a trace id of two bytes", { timeUnixNano: "0", traceId: "abcd" }, "bad_trace_id"],
  ["a span id that is no hex", { timeUnixNano: "0", spanId: "x".repeat(16) }, "bad_span_id"],
  ["a time in seconds", { timeUnixNano: "1763900000" }, "bad_start_time"],
])("a log record with %s", (_name, over, fault) => {
  const [record] = decodeLogRecords(json(logsRequest([over])), "json");
  expect(record && faultOfLogRecord(record, NOW_US)).toBe(fault);
});

test("log records sent as traces are spans without ids, not a malformed request", () => {
  const logs = lengthDelimited(
    1,
    lengthDelimited(2, lengthDelimited(2, Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 4, 73, 78, 70, 79]))),
  );
  expect(faultsOfTraces(logs, NOW_US)).toEqual(["no_span"]);
});
