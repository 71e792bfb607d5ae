import { readBlock, spansOfBlock } from "@signalbox/db/testing";
import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { tracesInProtobuf } from "../decode/index.ts";
import { type AnyValueJson, aSpan, attributes, type KeyValueJson, type SpanJson, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { blockOf } from "../testing/normalised.ts";
import { KEY_TABLE } from "./compiledDialects.ts";

const random = mulberry32(20_261_123);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

const SCALARS: readonly AnyValueJson[] = [
  ...["", "chat", "7", " ", "-1", "NaN", "größe \u{1f600}", "half \ud800", '[{"role":"user","content":"Hi"}]', "[", "true"].map(
    (stringValue) => ({
      stringValue,
    }),
  ),
  ...[0, 1, 7, -1, 4_294_967_295, 4_294_967_296, "9007199254740992", "-9223372036854775808"].map((intValue) => ({ intValue })),
  ...[0, 3, 0.25, -0.5, 1e300].map((doubleValue) => ({ doubleValue })),
  ...[true, false].map((boolValue) => ({ boolValue })),
  ...["", "AAH/"].map((bytesValue) => ({ bytesValue })),
];

function aValue(depth = 0): AnyValueJson {
  const kind = random();
  if (depth > 2 || kind < 0.8) return pick(SCALARS);
  const length = Math.floor(random() * 4);
  if (kind < 0.9) return { arrayValue: { values: Array.from({ length }, () => aValue(depth + 1)) } };
  return { kvlistValue: { values: Array.from({ length }, (_, index) => ({ key: `k${index}`, value: aValue(depth + 1) })) } };
}

function anySpan(): SpanJson {
  const keys = new Set([...KEY_TABLE.texts.filter(() => random() < 0.4), "my.own", ""].sort(() => random() - 0.5));
  return aSpan({
    name: pick(["", "chat", "\udc00 half"]),
    attributes: [...keys].map((key): KeyValueJson => ({ key, value: aValue() })),
    events: random() < 0.5 ? [] : [{ name: pick(["e", ""]), timeUnixNano: "1763900000000000001", attributes: attributes({ k: "v" }) }],
    ...(random() < 0.5 ? { parentSpanId: pick(["", "00f067aa0ba902b7", "0".repeat(16)]) } : {}),
    status: { code: pick([0, 1, 2]), message: pick(["", "failed"]) },
  });
}

test("JSON and protobuf give the same rows, whatever values our keys have", () => {
  for (let round = 0; round < 300; round += 1) {
    const spans = [anySpan(), anySpan(), anySpan()];
    const inJson = blockOf(tracesInProtobuf(Buffer.from(JSON.stringify(tracesRequest(spans))), "json"));
    const inProtobuf = blockOf(tracesProtobuf(spans.map(wellFormed)));
    expect(readBlock(inJson.encode())).toEqual(readBlock(inProtobuf.encode()));
    expect(spansOfBlock(inJson.encode())).toHaveLength(3);
  }
});

/** Replaces unpaired surrogates: protobuf cannot carry them at all. */
function wellFormed(span: SpanJson): SpanJson {
  return JSON.parse(JSON.stringify(span), (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value)) as SpanJson;
}

test("values of one span do not leak into the next: only a span's own boolean marks an estimate", () => {
  const first = aSpan({ attributes: [{ key: "signalbox.usage.estimated", value: { boolValue: true } }] });
  const others: AnyValueJson[] = [{ stringValue: "no" }, { intValue: 1 }, { doubleValue: 1 }, { boolValue: false }, { bytesValue: "AQ==" }];
  const spans = others.map((value) => aSpan({ attributes: [{ key: "signalbox.usage.estimated", value }] }));
  const read = spansOfBlock(blockOf(tracesProtobuf([first, ...spans, aSpan({ attributes: [] })])).encode());
  expect(read.map(({ usageIsEstimate }) => usageIsEstimate)).toEqual([true, false, false, false, false, false, false]);
});

test("the resource of many scopes is encoded once", () => {
  const scopes = Array.from({ length: 200_000 }, () => ({ spans: [{}] }));
  const resource = { attributes: attributes({ "service.name": "x".repeat(60_000) }) };
  const encoded = tracesInProtobuf(Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans: scopes }] })), "json");
  expect(encoded.length).toBeLessThan(20_000_000);
});

test("a long text of flattened messages is stored once: in the messages, not among the attributes as well", () => {
  const long = "Wo ist mein Koffer? ".repeat(10);
  const span = aSpan({
    attributes: attributes({
      "openinference.span.kind": "LLM",
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": long,
      "llm.input_messages.0.message.nobody.knows": `${long}this`,
      "my.own": long,
    }),
  });
  const [row] = readBlock(blockOf(tracesProtobuf([span, aSpan({ attributes: attributes({ "llm.input_messages": long }) })])).encode());
  expect(JSON.parse(String(row?.input_messages))).toEqual([{ role: "user", parts: [{ type: "text", content: long }] }]);
  expect(row?.attributes).toEqual({
    "openinference.span.kind": "LLM",
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.nobody.knows": `${long}this`,
    "my.own": long,
  });
});

test("a long text is escaped correctly in the JSON of messages, wherever it occurs in them", () => {
  const long = `"größe" \u{1f600} \\ \u0000\u0008\t\n\f\r\u001f\u007f\u2028 ${"and on ".repeat(10)}`;
  const image = `data:image/png;base64,${"A".repeat(100)}`;
  const span = aSpan({
    attributes: attributes({
      "openinference.span.kind": "LLM",
      "llm.input_messages.1.message.contents.0.message_content.type": "image",
      "llm.input_messages.1.message.contents.0.message_content.image.image.url": image,
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": long,
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": long,
    }),
  });
  const [row] = readBlock(blockOf(tracesProtobuf([span])).encode());
  expect(row?.input_messages).toBe(
    JSON.stringify([
      { role: "user", parts: [{ type: "text", content: long }] },
      { role: "user", parts: [{ type: "other", value: { type: "image", image: { image: { url: image } } } }] },
    ]),
  );
  expect(row?.output_messages).toBe(
    JSON.stringify([{ role: "assistant", parts: [{ type: "tool_call", id: null, name: "look", arguments: long }] }]),
  );
  expect(Object.values(row?.attributes as Record<string, string>)).toEqual(["LLM", "image", "user", "look"]);
});

test("of two equal long texts, the one that a message was read from is left out", () => {
  const long = "Wo ist mein Koffer? ".repeat(10);
  const others = { "openinference.span.kind": "LLM", "llm.input_messages.0.message.nobody.knows": long };
  const span = aSpan({ attributes: attributes({ ...others, "llm.input_messages.0.message.content": long }) });
  const [row] = readBlock(blockOf(tracesProtobuf([span])).encode());
  expect(row?.attributes).toEqual(others);
});

test("a whole flattened message may be given as its JSON", () => {
  const message = { role: "user", content: "Wo ist mein Koffer? ".repeat(10) };
  const span = aSpan({ attributes: attributes({ "openinference.span.kind": "LLM", "llm.input_messages.0": JSON.stringify(message) }) });
  const [row] = readBlock(blockOf(tracesProtobuf([span])).encode());
  expect(JSON.parse(String(row?.input_messages))).toEqual([{ role: "user", parts: [{ type: "text", content: message.content }] }]);
});

test("a text that only equals a message's stays under the key that no message was read from", () => {
  const long = "Wo ist mein Koffer? ".repeat(10);
  const others = {
    "openinference.span.kind": "LLM",
    "llm.input_messages.note": long,
    "llm.input_messages.1.message.nobody.knows": long,
    "gen_ai.prompt.0.content": long,
  };
  const span = aSpan({ attributes: attributes({ ...others, "llm.input_messages.0.message.content": long }) });
  const [row] = readBlock(blockOf(tracesProtobuf([span])).encode());
  expect(row?.attributes).toEqual(others);
});
