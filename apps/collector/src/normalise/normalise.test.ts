import { type Decision, decisionHash, Message } from "@signalbox/model";
import { expect, test } from "vitest";
import { z } from "zod";
import { type AttributeValue, emptyLogRecord, emptyOrigin, emptySpan, type OtlpLogRecord, type OtlpSpan } from "../decode/index.ts";
import { normalised as normalisedSpan, rowOf } from "../testing/normalised.ts";
import { normaliseLogRecord, scoresOfSpan } from "./index.ts";

const TRACE_ID = "5b8efff798038103d269b633813fc60c";

function aSpan(values: Record<string, AttributeValue>, over: Partial<OtlpSpan> = {}): OtlpSpan {
  const origin = emptyOrigin(
    new Map<string, AttributeValue>([
      ["service.name", "shop"],
      ["service.version", "1.2"],
      ["deployment.environment.name", "prod"],
    ]),
  );
  return {
    ...emptySpan({ ...origin, scope: "tests" }),
    traceId: TRACE_ID,
    spanId: "eee19b7ec3c1b174",
    name: "chat gpt-4o",
    startTimeUnixNano: 1_763_900_000_000_000_000n,
    endTimeUnixNano: 1_763_900_001_000_000_000n,
    attributes: new Map(Object.entries(values)),
    ...over,
  };
}

const normalised = (values: Record<string, AttributeValue>, over: Partial<OtlpSpan> = {}) => normalisedSpan(aSpan(values, over));
const text = (content: string) => ({ type: "text", content });

test("a span of the newest conventions", () => {
  const span = normalised({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.conversation.id": "c1",
    "gen_ai.agent.name": "clerk",
    "gen_ai.prompt.name": "greeting",
    "gen_ai.prompt.version": 3,
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "gen_ai.usage.cache_write.input_tokens": 0,
    "gen_ai.usage.reasoning.output_tokens": 20,
    "gen_ai.system_instructions": '[{"type":"text","content":"Be kind."}]',
    "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
    "gen_ai.output.messages":
      '[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"t","name":"look","arguments":{"a":1}}],"finish_reason":"tool_call"}]',
    "user.id": "u1",
    "signalbox.tags": ["a", "b"],
    "signalbox.variant": "canary",
    "gen_ai.request.temperature": 0.5,
    "my.own": true,
  });
  expect(span).toMatchObject({
    kind: "llm",
    service: "shop",
    release: "1.2",
    environment: "prod",
    operation: "chat",
    provider: "openai",
    model: "gpt-4o-2024-08-06",
    agent: "clerk",
    session: "c1",
    user: "u1",
    tags: ["a", "b"],
    promptName: "greeting",
    promptVersion: "3",
    variant: "canary",
    dialect: "otel-gen-ai",
    usage: { input: 1_000, output: 100, cached: 400, reasoning: 20 },
    inputMessages: [
      { role: "system", parts: [text("Be kind.")] },
      { role: "user", parts: [text("Hi")] },
    ],
    outputMessages: [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "tool_call", id: "t", name: "look", arguments: { a: 1 } },
        ],
        finishReason: "tool_call",
      },
    ],
  });
  expect(span.attributes).toMatchObject({ "gen_ai.request.temperature": "0.5", "my.own": "true", "gen_ai.usage.input_tokens": "1000" });
  expect(Object.keys(span.attributes).filter((key) => key.endsWith("messages") || key.endsWith("instructions"))).toEqual([]);
});

test("the generation up to 1.36: system, prompt and completion tokens, messages of a chat provider", () => {
  const span = normalised({
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "anthropic",
    "gen_ai.request.model": "claude-3-5-sonnet-20241022",
    "gen_ai.usage.prompt_tokens": 10,
    "gen_ai.usage.completion_tokens": 5,
    "gen_ai.prompt": JSON.stringify([
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { type: "image_url", image_url: { url: "x" } },
        ],
      },
      { role: "assistant", content: null, tool_calls: [{ id: "t", type: "function", function: { name: "look", arguments: '{"a":1}' } }] },
      { role: "tool", tool_call_id: "t", content: "found" },
    ]),
    "gen_ai.completion": "Done.",
  });
  expect(span).toMatchObject({
    provider: "anthropic",
    usage: { input: 10, output: 5, cached: null, reasoning: null },
    costIsEstimate: true,
  });
  expect(span.costUsd).toBeCloseTo((10 * 3 + 5 * 15) / 1e6, 12);
  expect(span.inputMessages).toEqual([
    { role: "system", parts: [text("Be kind.")] },
    { role: "user", parts: [text("Hi"), { type: "other", value: { type: "image_url", image_url: { url: "x" } } }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "t", name: "look", arguments: '{"a":1}' }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "t", response: "found" }] },
  ]);
  expect(span.outputMessages).toEqual([{ role: "assistant", parts: [text("Done.")] }]);
  expect(span.attributes).not.toHaveProperty("gen_ai.prompt");
});

test("messages may be structured instead of text", () => {
  const { inputMessages } = normalised({ "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "Hi" }] }] });
  expect(inputMessages).toEqual([{ role: "user", parts: [text("Hi")] }]);
});

test.each([
  ["a member we do not know", '[{"role":"user","parts":[],"mood":"good"}]'],
  [
    "a number that JSON would round",
    '[{"role":"user","parts":[{"type":"tool_call","id":"1","name":"n","arguments":{"id":12345678901234567890}}]}]',
  ],
  ["a form that we do not know", '{"turns":["a",{"b":1}]}'],
  ["text that is no JSON", " [half of a list"],
])("messages with %s stand in their column as they were sent, and nowhere else", (_name, original) => {
  expect(rowOf(aSpan({ "gen_ai.input.messages": original, "my.own": 1 }))).toMatchObject({
    input_messages: original,
    attributes: { "my.own": "1" },
  });
});

test("whatever stands where messages belong, the result is in the canonical form", () => {
  const odd: AttributeValue[] = [
    "",
    "[",
    "[]",
    "{}",
    "null",
    "5",
    '["a",1,null,[]]',
    '[{"role":1}]',
    '{"role":"user","parts":"x"}',
    '[{"type":"constructor"}]',
    7,
    true,
    null,
    [null],
  ];
  for (const value of odd) {
    const span = normalised({ "gen_ai.input.messages": value, "gen_ai.operation.name": "constructor" });
    expect(z.array(Message).safeParse(span.inputMessages).success, JSON.stringify(value)).toBe(true);
    expect(span.kind).toBe("other");
  }
});

test.each([
  ["chat", "llm"],
  ["text_completion", "llm"],
  ["embeddings", "embedding"],
  ["retrieval", "retriever"],
  ["invoke_agent", "agent"],
  ["create_agent", "agent"],
  ["execute_tool", "tool"],
  ["invoke_workflow", "chain"],
  ["plan", "chain"],
  ["update_memory", "other"],
  ["an operation of tomorrow", "other"],
])("the operation %s makes a span of kind %s", (operation, kind) => {
  expect(normalised({ "gen_ai.operation.name": operation }).kind).toBe(kind);
});

test("a tool span carries its call; both bodies leave the attributes", () => {
  const span = normalised({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "book",
    "gen_ai.tool.call.id": "t1",
    "gen_ai.tool.call.arguments": { seat: "1A" },
    "gen_ai.tool.call.result": "booked",
  });
  expect(span.tool).toEqual({ name: "book", callId: "t1", arguments: '{"seat":"1A"}', result: "booked" });
  expect(Object.keys(span.attributes)).toEqual(["gen_ai.operation.name", "gen_ai.tool.name", "gen_ai.tool.call.id"]);
});

test("a span of no convention keeps everything where it was", () => {
  const values = { "http.method": "GET", n: 1, list: [1, "a"], nothing: null };
  const span = normalised(values, { statusCode: 2, statusMessage: "broken", parentSpanId: "0".repeat(16) });
  expect(span).toMatchObject({
    dialect: "other",
    kind: "other",
    status: "error",
    statusMessage: "broken",
    parentSpanId: null,
    tool: null,
    costUsd: null,
  });
  expect(span.attributes).toEqual({ "http.method": "GET", n: "1", list: '[1,"a"]', nothing: "null" });
});

test.each([-1, 1.5, 2 ** 32, "9223372036854775807", "many", "NaN"])("%s is not a valid token count, and stays an attribute", (count) => {
  const span = normalised({ "gen_ai.usage.input_tokens": count, "gen_ai.request.model": "gpt-4o" });
  expect(span.usage.input).toBeNull();
  expect(span.attributes["gen_ai.usage.input_tokens"]).toBe(String(count));
});

const call = {
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 1_000_000,
  "gen_ai.usage.output_tokens": 100_000,
};

test("without a reported cost the list price gives an estimate, cached tokens at their own price", () => {
  expect(normalised(call)).toMatchObject({ costUsd: 3.5, costIsEstimate: true, usageIsEstimate: false });
  expect(normalised({ ...call, "gen_ai.usage.cache_read.input_tokens": 400_000 })).toMatchObject({ costUsd: 3 });
  expect(normalised({ ...call, "gen_ai.request.model": "gpt-4o-2024-05-13" })).toMatchObject({ costUsd: 6.5 });
  expect(normalised({ ...call, "gen_ai.request.model": "openai/gpt-4o-mini-2024-07-18" }).costUsd).toBeCloseTo(0.21, 12);
  expect(normalised({ ...call, "signalbox.usage.estimated": true })).toMatchObject({ usageIsEstimate: true });
});

test("a cost that the sender reports is not an estimate", () => {
  expect(normalised({ ...call, "gen_ai.usage.cost": "0.25" })).toMatchObject({ costUsd: 0.25, costIsEstimate: false });
});

test("no cost is made up for a model without a price, a span that sums up others, or a call without tokens", () => {
  expect(normalised({ ...call, "gen_ai.request.model": "my-model" }).costUsd).toBeNull();
  expect(normalised({ ...call, "gen_ai.operation.name": "invoke_agent" }).costUsd).toBeNull();
  expect(normalised({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" })).toMatchObject({
    costUsd: null,
    costIsEstimate: false,
  });
});

const RECEIVED_AT_US = 1_763_900_000_000_000;

function aLog(over: Partial<OtlpLogRecord>): OtlpLogRecord {
  return { ...emptyLogRecord(emptyOrigin(new Map([["service.name", "judge"]]))), timeUnixNano: 1_763_900_000_123_456_789n, ...over };
}

const readLog = (over: Partial<OtlpLogRecord>) => normaliseLogRecord(aLog(over), "default", RECEIVED_AT_US);

function aDecision(over: Partial<Decision> = {}): Decision {
  const { hash: _, ...unsealed } = {
    project: "default",
    taskId: "t",
    seq: 0,
    kind: "planned" as const,
    time: "2026-11-23T00:00:00.000Z",
    actor: { service: "planning", version: "1" },
    attempt: 1,
    traceId: TRACE_ID,
    spanId: null,
    chosen: "answer",
    confidence: 0.5,
    reason: "",
    detail: {},
    prevHash: "0".repeat(64),
    hash: "",
    ...over,
  };
  return { ...unsealed, hash: decisionHash(unsealed) };
}

test("a decision is read from its JSON, which is kept unchanged", () => {
  const text = JSON.stringify(aDecision(), null, 1);
  expect(readLog({ eventName: "signalbox.decision", body: text })).toEqual({ kind: "decision", decision: aDecision(), text });
  const older = readLog({ attributes: new Map([["event.name", "signalbox.decision"]]), body: text });
  expect(older.kind).toBe("decision");
});

test.each([
  ["no JSON", "{"],
  ["another shape", '{"seq":0}'],
  ["a trace id that no column holds", JSON.stringify(aDecision({ traceId: "short" }))],
  ["a sequence number that no column holds", JSON.stringify(aDecision({ seq: 2 ** 32 }))],
  ["a time that no column holds", JSON.stringify(aDecision({ time: "9999-01-01T00:00:00.000Z" }))],
  ["structured", { seq: 0 }],
])("a decision that is %s is unreadable, with the reason", (_name, body) => {
  expect(readLog({ eventName: "signalbox.decision", body: body as AttributeValue })).toMatchObject({
    kind: "unreadable",
    reason: expect.stringMatching(/.{10}/),
  });
});

const evaluation = new Map<string, AttributeValue>([
  ["gen_ai.evaluation.name", "helpful"],
  ["gen_ai.evaluation.score.value", 0.75],
  ["gen_ai.evaluation.score.label", "good"],
  ["gen_ai.evaluation.explanation", "It helped."],
]);
const score = {
  project: "default",
  traceId: TRACE_ID,
  spanId: "eee19b7ec3c1b174",
  name: "helpful",
  value: 0.75,
  label: "good",
  explanation: "It helped.",
};

test("an evaluation is a score of the span it names, whether a log record or an event of that span", () => {
  const asLog = readLog({ eventName: "gen_ai.evaluation.result", traceId: TRACE_ID, spanId: "eee19b7ec3c1b174", attributes: evaluation });
  expect(asLog).toEqual({ kind: "score", score: { ...score, scorer: "judge", time: "2025-11-23T12:13:20.123Z" } });
  const span = aSpan({}, { events: [{ name: "gen_ai.evaluation.result", timeUnixNano: 1n, attributes: evaluation }] });
  expect(scoresOfSpan(span, "default")).toEqual([{ ...score, scorer: "shop", time: "2025-11-23T12:13:21.000Z" }]);
});

test("an evaluation without a value or a trace stays a log record", () => {
  const labelOnly = new Map([...evaluation].filter(([key]) => !key.endsWith("value")));
  expect(readLog({ eventName: "gen_ai.evaluation.result", traceId: TRACE_ID, attributes: labelOnly }).kind).toBe("log");
  expect(readLog({ eventName: "gen_ai.evaluation.result", attributes: evaluation }).kind).toBe("log");
});

test("any other log record is kept unchanged; without a time it gets the time at which it was received", () => {
  expect(readLog({ eventName: "hello", severity: "INFO", body: { a: 1 }, traceId: "0".repeat(32), timeUnixNano: 0n })).toEqual({
    kind: "log",
    log: {
      project: "default",
      timeUnixNano: String(RECEIVED_AT_US * 1_000),
      traceId: "",
      spanId: "",
      service: "judge",
      eventName: "hello",
      severity: "INFO",
      body: '{"a":1}',
      attributes: {},
    },
  });
});
