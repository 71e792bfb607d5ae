import { mulberry32 } from "@signalbox/model";
import protobuf from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { aSpan, attributes } from "../../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../../testing/builders/otlpProtobufBuilder.ts";
import { RandomTraces } from "../../testing/builders/randomTraces.ts";
import { mutate } from "../../testing/mutate.ts";
import {
  type Attributes,
  attributeText,
  decodeSpans,
  MalformedBody,
  type Origin,
  type OtlpSpan,
  type SpanScan,
  scanTraces,
} from "../index.ts";
import { type AttributeScan, VALUE_TYPES } from "./attributeScan.ts";

/** A request's spans as objects, built from the offsets that the scanner reports. */
function scanned(body: Buffer): OtlpSpan[] {
  const spans: OtlpSpan[] = [];
  let origin: Origin;
  scanTraces(body, {
    origin({ resource, scope }) {
      origin = { resource: attributesOf(resource), scope };
    },
    span(span) {
      spans.push(spanAt(span, origin));
    },
  });
  return spans;
}

function spanAt(scan: SpanScan, origin: Origin): OtlpSpan {
  const { bytes } = scan;
  const { events, links, statusCode } = scan.decode(origin);
  expect(scan.detailCount).toBe(events.length + links.length);
  const known = (code: number): number => (code === 1 || code === 2 ? code : 0);
  expect(known(scan.statusCode)).toBe(known(statusCode));
  const timeAt = (at: number): bigint => (at === -1 ? 0n : bytes.readBigUInt64LE(at));
  return {
    origin,
    traceId: bytes.toString("hex", scan.traceIdStart, scan.traceIdEnd),
    spanId: bytes.toString("hex", scan.spanIdStart, scan.spanIdEnd),
    parentSpanId: bytes.toString("hex", scan.parentStart, scan.parentEnd),
    name: bytes.toString("utf8", scan.nameStart, scan.nameEnd),
    startTimeUnixNano: timeAt(scan.startTimeAt),
    endTimeUnixNano: timeAt(scan.endTimeAt),
    attributes: attributesOf(scan.attributes),
    events,
    links,
    statusCode,
    statusMessage: bytes.toString("utf8", scan.statusMessageStart, scan.statusMessageEnd),
  };
}

function attributesOf(scan: AttributeScan): Attributes {
  const attributes: Attributes = new Map();
  for (let place = 0; place < scan.count; place += 1) {
    const value = scan.valueAt(place);
    expect(scan.textAt(place)).toBe(attributeText(value));
    expectNumberOf(scan, place, value);
    attributes.set(scan.keyAt(place), value);
  }
  return attributes;
}

/** Checks the number that the scanner reports for a value without decoding it. */
function expectNumberOf(scan: AttributeScan, place: number, value: unknown): void {
  const number = scan.numbers[place];
  switch (scan.types[place]) {
    case VALUE_TYPES.bool:
      expect(number === 1).toBe(value);
      break;
    case VALUE_TYPES.double:
      expect(number).toBe(Number(value));
      break;
    case VALUE_TYPES.int:
      expect(Number.isNaN(number) || number === value).toBe(true);
      if (typeof value === "number" && value >= 0 && value < 2 ** 32) expect(number).toBe(value);
      break;
    case VALUE_TYPES.none:
      expect(value).toBeNull();
      break;
  }
}

type Outcome = { spans: OtlpSpan[] } | { malformed: string };

function outcomeOf(read: () => OtlpSpan[]): Outcome {
  try {
    return { spans: read() };
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return { malformed: error.message };
  }
}

/**
 * Errors of the scanner alone, in unknown fields: groups, which protobuf dropped before OTLP existed, and integers of more than ten bytes.
 */
const STRICTER = /wire type|integer has too many bytes/;

/** Expects that the scanner agrees with the decoder, and that bytes around a body in memory are not read. */
function expectAgreement(body: Buffer): Outcome {
  const decoded = outcomeOf(() => decodeSpans(body, "protobuf"));
  const outcome = outcomeOf(() => scanned(body));
  if ("malformed" in outcome && !STRICTER.test(outcome.malformed)) expect(decoded, outcome.malformed).toHaveProperty("malformed");
  if ("spans" in outcome) expect(outcome).toEqual(decoded);
  const around = Buffer.alloc(40, 0x01);
  expect(outcomeOf(() => scanned(Buffer.concat([around, body, around]).subarray(40, 40 + body.length)))).toEqual(outcome);
  return outcome;
}

test("the scanner agrees with the decoder on every request, whatever its order and its unknown fields", () => {
  const traces = new RandomTraces(mulberry32(20_261_123));
  let spans = 0;
  for (let round = 0; round < 600; round += 1) {
    const outcome = expectAgreement(traces.request());
    if (!("spans" in outcome)) throw new Error(`a good request was refused: ${outcome.malformed}`);
    spans += outcome.spans.length;
  }
  expect(spans).toBeGreaterThan(1_000);
});

test("the scanner accepts no damaged request that the decoder refuses, and reads the others alike", () => {
  const random = mulberry32(7);
  const traces = new RandomTraces(random);
  let malformed = 0;
  for (let round = 0; round < 4_000; round += 1) {
    const body = traces.request();
    if (body.length > 0 && body.length < 3_000 && "malformed" in expectAgreement(mutate(body, random))) malformed += 1;
  }
  expect(malformed).toBeGreaterThan(500);
});

test("a request cut off at any byte is malformed", () => {
  const body = tracesProtobuf([
    aSpan({
      parentSpanId: "00f067aa0ba902b7",
      attributes: [
        ...attributes({ text: "größe", int: -7, double: 0.5, yes: true }),
        { key: "list", value: { arrayValue: { values: [{ kvlistValue: { values: attributes({ a: 1 }) } }] } } },
      ],
      events: [{ name: "e", timeUnixNano: "1763900000000000001", attributes: attributes({ k: "v" }) }],
      status: { code: 2, message: "failed" },
    }),
  ]);
  expect(expectAgreement(body)).toHaveProperty("spans");
  for (let length = 1; length < body.length; length += 1) expect(expectAgreement(body.subarray(0, length))).toHaveProperty("malformed");
});

type Fields = (writer: protobuf.Writer) => void;

function bytesOf(write: Fields): Buffer {
  const writer = protobuf.Writer.create();
  write(writer);
  return Buffer.from(writer.finish());
}

function within(path: readonly number[], content: Buffer): Buffer {
  return path.reduceRight((inner, field) => bytesOf((writer) => writer.uint32((field << 3) | 2).bytes(inner)), content);
}

/** Field numbers on the path from a request to a span. */
const SPAN = [1, 2, 2];

test.each<[string, Buffer]>([
  ["a tag of six bytes", Buffer.from([0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00])],
  ["a tag of 33 bits", Buffer.from([0x88, 0x80, 0x80, 0x80, 0x10, 0x00])],
  ["a field with the number 0", Buffer.from([0x00, 0x00])],
  ["a length of six bytes", Buffer.from([0x2a, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61])],
  ["a length of 4 GiB and one", Buffer.from([0x2a, 0x81, 0x80, 0x80, 0x80, 0x10, 0x61])],
  ["a length without its text", Buffer.from([0x2a, 0x05, 0x61])],
  ["an integer of eleven bytes", Buffer.from([0x30, ...Array(10).fill(0xff), 0x01])],
  ["half a time", Buffer.from([0x39, 1, 2, 3, 4])],
  ["half an unknown fixed32", Buffer.from([0x9d, 0x06, 1, 2])],
  ["half an unknown fixed64", Buffer.from([0x99, 0x06, 1, 2])],
  ["an integer without its end", Buffer.from([0x30, 0x80])],
  ["wire type 6", Buffer.from([0x36])],
  ["wire type 7", Buffer.from([0x37])],
  ["the end of a group", Buffer.from([0x34])],
])("%s is malformed wherever it stands", (_name, fields) => {
  const places = [[], [1], [1, 1], [1, 2], [1, 2, 1], SPAN, [...SPAN, 9], [...SPAN, 9, 2], [...SPAN, 11], [...SPAN, 13], [...SPAN, 15]];
  const inValues = [[5], [5, 1], [6], [6, 1], [6, 1, 2], [5, 1, 5, 1]].map((path) => [...SPAN, 9, 2, ...path]);
  const ofDetails = [[11, 3], [11, 3, 2], [13, 4, 2, 5, 1], [15]].map((path) => [...SPAN, ...path]);
  for (const place of [...places, ...inValues, ...ofDetails]) {
    for (const behind of [Buffer.alloc(0), Buffer.alloc(20, 0x0a)]) {
      const body = Buffer.concat([within(place, fields), behind]);
      const { malformed } = expectAgreement(body) as { malformed?: string };
      if (behind.length === 0) expect(malformed, String(place)).toBeDefined();
    }
  }
});

test.each([
  ["lists", [5, 1]],
  ["maps", [6, 1, 2]],
])("%s may nest to the limit and no deeper, in attributes, resources, events and links", (_name, level) => {
  const nested = (levels: number): number[] => Array.from({ length: levels }, () => level).flat();
  const values = [
    [...SPAN, 9, 2],
    [1, 1, 1, 2],
    [...SPAN, 11, 3, 2],
    [...SPAN, 13, 4, 2],
  ];
  for (const value of values) {
    const isOfResource = value.length === 4;
    const spans = isOfResource ? within([1, 2, 2], Buffer.alloc(0)) : Buffer.alloc(0);
    const body = (levels: number): Buffer => Buffer.concat([within([...value, ...nested(levels)], Buffer.alloc(0)), spans]);
    expect(expectAgreement(body(64))).toHaveProperty("spans");
    expect(() => scanned(body(65))).toThrow(/nest too deep/);
    expect(() => scanned(body(1_000))).toThrow(MalformedBody);
  }
});

test("a span may have 100,000 attributes, and the next span none of them", () => {
  const many = Array.from({ length: 100_000 }, (_, number) => ({ key: `key ${number}`, value: { intValue: number } }));
  const [first, second] = scanned(tracesProtobuf([aSpan({ attributes: many }), aSpan({ attributes: attributes({ a: "b" }) })]));
  expect(first?.attributes.size).toBe(100_000);
  expect(first?.attributes.get("key 99999")).toBe(99_999);
  expect([...(second?.attributes ?? [])]).toEqual([["a", "b"]]);
});

test("the values of one span do not leak into the next", () => {
  const body = Buffer.concat([
    tracesProtobuf([aSpan({ parentSpanId: "00f067aa0ba902b7", status: { code: 2, message: "failed" } })]),
    within(SPAN, Buffer.alloc(0)),
  ]);
  expectAgreement(body);
  expect(scanned(body)[1]).toMatchObject({
    traceId: "",
    parentSpanId: "",
    name: "",
    startTimeUnixNano: 0n,
    statusCode: 0,
    statusMessage: "",
  });
});

test.each([
  ["spans", [1, 2], 0x12],
  ["resources", [], 0x0a],
  ["attributes", SPAN, 0x4a],
  ["elements of a list", [...SPAN, 9, 2, 5], 0x0a],
])("millions of empty %s are refused before they fill the memory", (_name, path, tag) => {
  const empty = Buffer.alloc(10_000_000);
  for (let at = 0; at < empty.length; at += 2) empty[at] = tag;
  expect(() => scanTraces(within(path, empty), { origin: () => {}, span: () => {} })).toThrow(
    expect.objectContaining({ fault: "too_large" }),
  );
});

test("requests may be scanned concurrently, and after an aborted scan", () => {
  const [outer, inner] = ["outer", "inner"].map((name) => tracesProtobuf([aSpan({ name }), aSpan({ name: `${name} again` })])) as [
    Buffer,
    Buffer,
  ];
  const names: (string | undefined)[] = [];
  scanTraces(outer, {
    origin: () => {},
    span({ bytes, nameStart, nameEnd }) {
      names.push(...scanned(inner).map(({ name }) => name));
      expect(() => scanned(outer.subarray(0, -1))).toThrow(MalformedBody);
      names.push(bytes.toString("utf8", nameStart, nameEnd));
    },
  });
  expect(names).toEqual(["inner", "inner again", "outer", "inner", "inner again", "outer again"]);
});
