import { CACHE_WRITE_KEYS } from "@signalbox/model";
import { expect, test } from "vitest";
import { aSpanOf, normalisedOf } from "../../testing/aSpanOf.ts";
import { normalised } from "../../testing/normalised.ts";
import { DIALECTS } from "./index.ts";

test.each([
  ["signalbox", { "signalbox.task.id": "t", "traceloop.workflow.name": "trip", "gen_ai.operation.name": "chat" }],
  ["langfuse", { "langfuse.observation.type": "generation", "openinference.span.kind": "LLM" }],
  ["openinference", { "openinference.span.kind": "LLM", "gen_ai.operation.name": "chat" }],
  ["openinference", { "openinference.span.kind": "CHAIN", "ai.operationId": "ai.generateText" }],
  ["agentops", { "agentops.span.kind": "llm", "gen_ai.operation.name": "chat" }],
  ["traceloop", { "traceloop.workflow.name": "trip", "gen_ai.operation.name": "chat" }],
  ["traceloop", { "llm.request.type": "chat", "gen_ai.prompt.0.content": "Hi" }],
  ["laminar", { "lmnr.span.path": "a", "gen_ai.operation.name": "chat" }],
  ["azure", { "az.namespace": "Microsoft.CognitiveServices", "gen_ai.operation.name": "invoke_agent" }],
  ["otel-gen-ai", { "gen_ai.operation.name": "chat", "ai.operationId": "ai.generateText.doGenerate" }],
  ["vercel-ai", { "ai.operationId": "ai.generateText.doGenerate", "gen_ai.request.model": "gpt-4o" }],
  ["mlflow", { "mlflow.spanType": '"LLM"', "gen_ai.request.model": "gpt-4o" }],
  ["genkit", { "genkit:type": "action" }],
  ["pydantic", { "pydantic_ai.all_messages": "[]", "gen_ai.operation.name": "invoke_agent" }],
  ["pydantic", { "logfire.msg": "Chat", "gen_ai.request.model": "gpt-4o" }],
  ["otel-gen-ai", { "gen_ai.system": "openai" }],
  ["other", { "http.method": "GET" }],
])("%s speaks for %o", (dialect, attributes) => {
  expect(normalisedOf(attributes).dialect).toBe(dialect);
});

test("attributes that Langfuse's processor adds to other spans do not change their dialect", () => {
  const added = { "langfuse.trace.name": "trip", "langfuse.environment": "prod", "session.id": "s1" };
  expect(normalisedOf({ ...added, "ai.operationId": "ai.toolCall" })).toMatchObject({ dialect: "vercel-ai", kind: "tool", session: "s1" });
});

test.each(DIALECTS.filter(({ kindKeys }) => kindKeys.length > 0).map((dialect) => [dialect.name, dialect] as const))(
  "a kind of %s that nobody knows makes a span of kind other, in any case and with everything it says",
  (_name, { prefixes, marks = [], kindKeys }) => {
    const [key = ""] = kindKeys;
    const spoken = { [marks[0] ?? `${prefixes[0]}x`]: "x", [key]: "An Invention", constructor: "x" };
    expect(normalisedOf(spoken)).toMatchObject({ kind: "other", attributes: spoken });
    expect(normalisedOf({ ...spoken, [key]: "constructor" }).kind).toBe("other");
  },
);

test("a kind is recognised in upper and in lower case", () => {
  for (const kind of ["LLM", "llm", "Llm"]) expect(normalisedOf({ "openinference.span.kind": kind }).kind).toBe("llm");
});

test("the tables are well formed: kinds in lower case, and a dialect for every span at the end", () => {
  for (const { name, prefixes, marks = [], kinds } of DIALECTS) {
    expect([name, prefixes.length + marks.length > 0]).toEqual([name, true]);
    expect(Object.keys(kinds).filter((kind) => kind !== kind.toLowerCase())).toEqual([]);
  }
  expect(DIALECTS.at(-1)?.prefixes).toEqual([""]);
});

test("cached tokens are part of the input count, except in dialects that count each token once", () => {
  const otel = { "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.cache_read.input_tokens": 400 };
  const inference = { "openinference.span.kind": "LLM", "llm.token_count.prompt": 1_000, "llm.token_count.prompt_details.cache_read": 400 };
  const vercel = { "ai.operationId": "ai.generateText.doGenerate", "ai.usage.inputTokens": 1_000, "ai.usage.cachedInputTokens": 400 };
  const langfuse = {
    "langfuse.observation.type": "generation",
    "langfuse.observation.usage_details": '{"input":500,"cache_read_input_tokens":400,"cache_creation_input_tokens":100,"output":10}',
  };
  for (const attributes of [otel, inference, vercel, langfuse])
    expect(normalisedOf(attributes).usage).toMatchObject({ input: 1_000, cached: 400 });
});

test("cached tokens that exceed the input are not part of it, as in OpenLLMetry for JavaScript with Anthropic", () => {
  const span = normalisedOf({
    "traceloop.workflow.name": "trip",
    "gen_ai.operation.name": "chat",
    "gen_ai.response.model": "claude-sonnet-4-5-20250929",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.usage.cache_read.input_tokens": 400,
    "gen_ai.usage.cache_creation.input_tokens": 100,
  });
  expect(span).toMatchObject({ usage: { input: 510, cached: 400 } });
  expect(span.costUsd).toBeCloseTo((10 * 3 + 400 * 0.3 + 100 * 3.75 + 5 * 15) / 1e6, 12);
});

test("an input count that overflows its column with the cached tokens is capped at the column's maximum", () => {
  const usage = '{"input":4294967295,"input_cached_tokens":4294967295}';
  const attributes = { "langfuse.observation.type": "generation", "langfuse.observation.usage_details": usage };
  expect(normalisedOf(attributes).usage.input).toBe(2 ** 32 - 1);
});

test("an agent's or a chain's totals are not priced; a cost that they report is kept", () => {
  const model = { "ai.model.id": "gpt-4o", "ai.usage.inputTokens": 1_000 };
  expect(normalisedOf({ "ai.operationId": "ai.generateText", ...model })).toMatchObject({ kind: "agent", costUsd: null });
  expect(normalisedOf({ "ai.operationId": "ai.generateObject", ...model })).toMatchObject({ kind: "chain", costUsd: null });
  expect(normalisedOf({ "ai.operationId": "ai.generateText.doGenerate", ...model })).toMatchObject({ kind: "llm", costUsd: 0.0025 });
  expect(normalisedOf({ "openinference.span.kind": "AGENT", "llm.cost.total": 0.5 })).toMatchObject({
    costUsd: 0.5,
    costIsEstimate: false,
  });
});

test("the same attribute is a tool span's argument, and any other span's message", () => {
  const given = { "langfuse.observation.input": '{"city":"Paris"}', "langfuse.observation.output": "sunny" };
  const tool = normalised(aSpanOf({ "langfuse.observation.type": "tool", ...given }, { name: "weather" }));
  expect(tool).toMatchObject({
    tool: { name: "weather", callId: null, arguments: '{"city":"Paris"}', result: "sunny" },
    inputMessages: [],
    outputMessages: [],
  });
  const chain = normalisedOf({ "langfuse.observation.type": "span", ...given });
  expect(chain).toMatchObject({ tool: null, outputMessages: [{ role: "assistant", parts: [{ type: "text", content: "sunny" }] }] });
});

test("numbers may be texts, and values that fit no column stay as the sender wrote them", () => {
  const span = normalisedOf({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.temperature": "0.5",
    "gen_ai.request.top_p": "1",
    "gen_ai.usage.input_tokens": "12",
  });
  expect(span).toMatchObject({ usage: { input: 12 }, attributes: { "gen_ai.request.temperature": "0.5", "gen_ai.request.top_p": "1" } });
});

test.each([
  ["no JSON", "{", null],
  ["a text", '"input"', null],
  ["without the member", '{"output":1}', null],
  ["with a member of another type", '{"input":{"a":1}}', null],
  ["with an inherited member only", "[]", null],
  ["as it should be", '{"input":7}', 7],
])("a member of an attribute that is %s", (_name, usage, input) => {
  const attributes = { "langfuse.observation.type": "generation", "langfuse.observation.usage_details": usage };
  expect(normalisedOf(attributes).usage.input).toBe(input);
});

test("tags come as a list, as its JSON text and as one text", () => {
  for (const tags of [["a", "b"], '["a","b"]']) {
    expect(normalisedOf({ "openinference.span.kind": "LLM", "tag.tags": tags }).tags).toEqual(["a", "b"]);
  }
  expect(normalisedOf({ "openinference.span.kind": "LLM", "tag.tags": "a" }).tags).toEqual(["a"]);
});

test("cache-write tokens are stored where re-pricing looks for them", () => {
  const keys = new Set(DIALECTS.flatMap(({ counts }) => counts.cacheWrite ?? []));
  expect([...keys].sort()).toEqual([...CACHE_WRITE_KEYS].sort());
});
