import { describe, expect, test } from "vitest";
import { type DecodedSpan, decodeTraces, plainValue } from "../../bench/otlpTraces.ts";
import { SPAN_DIALECT_NAMES } from "../spans/spanDialects.ts";
import { OtlpTemplate } from "./otlpTemplate.ts";
import { type Payload, templatesFor } from "./payload.ts";
import { RequestTemplates } from "./requestTemplates.ts";

const NOW = Date.UTC(2026, 10, 23);

function aPayload(changes: Partial<Payload> = {}): Payload {
  return {
    form: "otlp",
    seed: 7,
    spansPerTrace: 10,
    spansPerRequest: 20,
    bytesPerSpan: 2_648,
    dialects: ["otel"],
    templates: 28,
    ...changes,
  };
}

const templatesOf = (changes: Partial<Payload> = {}) =>
  new RequestTemplates(aPayload(changes), (payload, number) => new OtlpTemplate(payload, number));

function spansOf(body: Buffer): DecodedSpan[] {
  return decodeTraces(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

/** Takes and releases `count` requests; returns their decoded spans. */
function sentSpans(templates: RequestTemplates<OtlpTemplate>, count: number): DecodedSpan[] {
  return Array.from({ length: count }, () => {
    const request = templates.take(NOW);
    const spans = spansOf(Buffer.from(request.body));
    templates.release(request);
    return spans;
  }).flat();
}

test("the same seed gives the same bytes, another seed gives others", () => {
  const bytesOf = (seed: number) => Buffer.from(templatesOf({ seed }).take(NOW).body).toString("hex");
  expect(bytesOf(7)).toBe(bytesOf(7));
  expect(bytesOf(7)).not.toBe(bytesOf(8));
});

describe.each([
  ["several traces in a request", { spansPerTrace: 10, spansPerRequest: 20 }],
  ["a trace over several requests", { spansPerTrace: 40, spansPerRequest: 10 }],
  ["traces that end inside requests", { spansPerTrace: 7, spansPerRequest: 5 }],
])("%s", (_, shape) => {
  test("however often the pool is sent again, every span has its own id, and every trace one root that the others hang on", () => {
    const templates = templatesOf(shape);
    const wholeTraces = templates.payload.templates * shape.spansPerRequest * 2;
    const spans = sentSpans(templates, templates.payload.templates * 2);
    expect(new Set(spans.map(({ spanId }) => spanId.toString("hex"))).size).toBe(wholeTraces);
    const traces = Map.groupBy(spans, ({ traceId }) => traceId.toString("hex"));
    expect(traces.size).toBe(wholeTraces / shape.spansPerTrace);
    for (const members of traces.values()) {
      expect(members).toHaveLength(shape.spansPerTrace);
      const [root, ...others] = members;
      expect(root?.parentSpanId).toHaveLength(0);
      for (const { parentSpanId } of others) expect(parentSpanId).toEqual(root?.spanId);
    }
  });
});

test("spans start and end within ten seconds before they are sent, and end after they start", () => {
  for (const { startTimeUnixNano, endTimeUnixNano, events } of sentSpans(templatesOf(), 4)) {
    const [start, end] = [BigInt(String(startTimeUnixNano)), BigInt(String(endTimeUnixNano))];
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(BigInt(NOW) * 1_000_000n);
    expect(start).toBeGreaterThan(BigInt(NOW - 10_000) * 1_000_000n);
    for (const { timeUnixNano } of events) expect(BigInt(String(timeUnixNano))).toBe(end);
  }
});

describe.each(SPAN_DIALECT_NAMES)("%s", (dialect) => {
  test("a span of 2,648 bytes carries 15 attributes, with two kilobytes of messages", () => {
    const templates = templatesOf({ dialects: [dialect] });
    expect(Math.abs(templates.bytesPerSpan - 2_648)).toBeLessThan(30);
    for (const { attributes } of sentSpans(templates, 2)) {
      expect(attributes).toHaveLength(15);
      expect(JSON.stringify(attributes.map(({ value }) => plainValue(value))).length).toBeGreaterThan(1_900);
    }
  });

  test("a span of 668 bytes carries 15 short attributes", () => {
    const templates = templatesOf({ dialects: [dialect], bytesPerSpan: 668 });
    expect(Math.abs(templates.bytesPerSpan - 668)).toBeLessThan(100);
    for (const { attributes } of sentSpans(templates, 2)) expect(attributes).toHaveLength(15);
  });
});

test("traces speak the dialects in turn, one each", () => {
  const templates = templatesOf({ dialects: ["otel", "langfuse"] });
  const { body } = templates.take(NOW);
  const [resource] = decodeTraces(body).resourceSpans;
  expect(resource?.scopeSpans.map(({ scope, spans }) => [scope.name, spans.length])).toEqual([
    ["opentelemetry.instrumentation.genai", 10],
    ["langfuse-sdk", 10],
  ]);
});

test("a request keeps its bytes while it is under way, and its number and time give them again", () => {
  const templates = templatesOf();
  const first = templates.take(NOW);
  const sent = Buffer.from(first.body);
  const numbers = new Set<number>();
  for (let taken = 0; taken < templates.payload.templates * 3; taken++) {
    const request = templates.take(NOW + taken);
    numbers.add(request.number);
    templates.release(request);
  }
  expect(first.body.equals(sent)).toBe(true);
  expect(numbers.size).toBe(templates.payload.templates * 3);
  expect(templatesOf().patch(first.number, first.baseMs).body.equals(sent)).toBe(true);
});

test("there are as many templates as are under way at once, and they hold whole traces", () => {
  expect(templatesFor(aPayload({ spansPerRequest: 5_000, spansPerTrace: 10_000 }), 49)).toBe(50);
  expect((templatesFor(aPayload({ spansPerTrace: 7 }), 1) * 20) % 7).toBe(0);
});

test("a shape that would need more memory than there is is refused", () => {
  expect(() => templatesFor(aPayload({ spansPerTrace: 9_999, spansPerRequest: 10_000 }), 1)).toThrow("need too much memory");
});
