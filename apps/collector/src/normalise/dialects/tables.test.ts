import { expect, test } from "vitest";
import { normalisedOf } from "../../testing/aSpanOf.ts";

// Attributes according to the documentation and the source of these frameworks. For frameworks with a recorded request, see
// dialects.test.ts.

const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

test("Vercel's AI SDK 4: prompt and completion tokens, calls with arguments", () => {
  const span = normalisedOf({
    "ai.operationId": "ai.streamText.doStream",
    "ai.model.id": "gpt-4o",
    "ai.model.provider": "openai.chat",
    "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"Hi"}]}]',
    "ai.response.toolCalls": '[{"toolCallType":"function","toolCallId":"t","toolName":"look","args":"{}"}]',
    "ai.usage.promptTokens": 10,
    "ai.usage.completionTokens": 5,
  });
  expect(span).toMatchObject({
    kind: "llm",
    usage: { input: 10, output: 5 },
    inputMessages: [said("user", "Hi")],
    outputMessages: [{ role: "assistant", parts: [{ type: "tool_call", id: "t", name: "look", arguments: "{}" }] }],
  });
});

test("OpenLLMetry before it wrote messages as JSON", () => {
  const span = normalisedOf({
    "llm.request.type": "chat",
    "gen_ai.system": "OpenAI",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.prompt.0.role": "user",
    "gen_ai.prompt.0.content": "Hi",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": "Hello",
    "gen_ai.completion.0.finish_reason": "stop",
    "gen_ai.usage.prompt_tokens": 10,
    "gen_ai.usage.completion_tokens": 5,
    "gen_ai.usage.cache_read_input_tokens": 4,
    "gen_ai.usage.reasoning_tokens": 2,
    "traceloop.association.properties.session_id": "s1",
    "traceloop.prompt.key": "greeting",
    "traceloop.prompt.version": 3,
  });
  expect(span).toMatchObject({
    dialect: "traceloop",
    kind: "llm",
    session: "s1",
    promptName: "greeting",
    promptVersion: "3",
    usage: { input: 10, output: 5, cached: 4, reasoning: 2 },
    inputMessages: [said("user", "Hi")],
    outputMessages: [{ ...said("assistant", "Hello"), finishReason: "stop" }],
  });
});

test.each([
  ["workflow", "chain"],
  ["task", "chain"],
  ["agent", "agent"],
  ["tool", "tool"],
])("OpenLLMetry's %s is a span of kind %s", (kind, expected) => {
  expect(normalisedOf({ "traceloop.span.kind": kind }).kind).toBe(expected);
});

test.each([
  ["rerank", "reranker"],
  ["embedding", "embedding"],
  ["completion", "llm"],
])("OpenLLMetry's request of type %s is a span of kind %s", (type, expected) => {
  expect(normalisedOf({ "llm.request.type": type }).kind).toBe(expected);
});

test("AgentOps for Python: a call of a model with its cost, a tool, an agent with tags", () => {
  const call = normalisedOf({
    "agentops.span.kind": "llm",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.prompt.0.role": "user",
    "gen_ai.prompt.0.content": "Hi",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.tool_calls.0.id": "t",
    "gen_ai.completion.0.tool_calls.0.name": "look",
    "gen_ai.completion.0.tool_calls.0.arguments": "{}",
    "gen_ai.usage.prompt_tokens": 10,
    "gen_ai.usage.completion_tokens": 5,
    "gen_ai.usage.total_cost": "0.25",
  });
  expect(call).toMatchObject({
    dialect: "agentops",
    kind: "llm",
    costUsd: 0.25,
    costIsEstimate: false,
    usage: { input: 10, output: 5 },
    outputMessages: [{ role: "assistant", parts: [{ type: "tool_call", id: "t", name: "look", arguments: "{}" }] }],
  });
  const tool = { "agentops.span.kind": "tool", "tool.name": "look", "agentops.entity.input": '{"a":1}', "agentops.entity.output": "found" };
  expect(normalisedOf(tool).tool).toEqual({ name: "look", callId: null, arguments: '{"a":1}', result: "found" });
  const agent = { "agentops.span.kind": "agent", "agent.name": "clerk", "agentops.tags": ["a"], "agentops.agent.input": "Hi" };
  expect(normalisedOf(agent)).toMatchObject({ kind: "agent", agent: "clerk", tags: ["a"], inputMessages: [said("user", "Hi")] });
});

test.each([
  ["session", "chain"],
  ["operation", "chain"],
  ["workflow.step", "chain"],
  ["agent.decision", "chain"],
  ["llm.call", "llm"],
  ["guardrail", "guardrail"],
  ["http", "other"],
  ["unknown", "other"],
])("AgentOps' %s is a span of kind %s", (kind, expected) => {
  expect(normalisedOf({ "agentops.span.kind": kind }).kind).toBe(expected);
});

test("Azure AI Foundry: an agent by its id, a thread as its session, answers of tools as `result`", () => {
  const span = normalisedOf({
    "az.namespace": "Microsoft.CognitiveServices",
    "gen_ai.provider.name": "microsoft.foundry",
    "gen_ai.operation.name": "process_thread_run",
    "gen_ai.agent.id": "clerk:3",
    "gen_ai.thread.id": "thread_1",
    "gen_ai.request.temperature": "0.5",
    "gen_ai.input.messages": '[{"role":"tool","parts":[{"type":"tool_call_response","id":"t","result":"found"}]}]',
  });
  expect(span).toMatchObject({
    dialect: "azure",
    kind: "agent",
    provider: "microsoft.foundry",
    agent: "clerk:3",
    session: "thread_1",
    inputMessages: [{ role: "tool", parts: [{ type: "tool_call_response", id: "t", response: "found" }] }],
  });
  expect(normalisedOf({ "az.namespace": "x", "gen_ai.operation.name": "responses" }).kind).toBe("llm");
  expect(normalisedOf({ "az.namespace": "x", "gen_ai.operation.name": "create_thread" }).kind).toBe("other");
});

test("OpenInference: a retriever, a reranker, a session in the metadata, an agent, a cost", () => {
  expect(normalisedOf({ "openinference.span.kind": "RERANKER", "reranker.model_name": "r" })).toMatchObject({
    kind: "reranker",
    model: "r",
  });
  const chain = { "openinference.span.kind": "CHAIN", metadata: '{"thread_id":"s1"}', "input.value": '{"input":"Hi"}' };
  expect(normalisedOf(chain)).toMatchObject({ kind: "chain", session: "s1", inputMessages: [said("user", "Hi")] });
  const agent = { "openinference.span.kind": "AGENT", "agent.name": "clerk", "prompt.id": "greeting", "llm.prompt_template.version": "2" };
  expect(normalisedOf(agent)).toMatchObject({ kind: "agent", agent: "clerk", promptName: "greeting", promptVersion: "2" });
  expect(normalisedOf({ "openinference.span.kind": "LLM", "llm.cost.total": 0.25 })).toMatchObject({
    costUsd: 0.25,
    costIsEstimate: false,
  });
});

test("LangSmith over OpenTelemetry: tags in one text, usage in the metadata, a tool's payload in two attributes", () => {
  const call = normalisedOf({
    "langsmith.span.kind": "llm",
    "langsmith.span.tags": "a, b",
    "langsmith.metadata.usage_metadata": '{"input_token_details":{"cache_read":400},"output_token_details":{"reasoning":20}}',
    "langsmith.metadata.revision_id": "r1",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.output_tokens": 100,
  });
  expect(call).toMatchObject({ tags: ["a", "b"], release: "r1", usage: { input: 1_000, output: 100, cached: 400, reasoning: 20 } });
  const tool = { "langsmith.span.kind": "tool", "gen_ai.tool.name": "look", "gen_ai.prompt": '{"a":1}', "gen_ai.completion": "found" };
  expect(normalisedOf(tool)).toMatchObject({ tool: { name: "look", arguments: '{"a":1}', result: "found" }, inputMessages: [] });
});

test("Langfuse's environment and release, on any span", () => {
  const told = { "langfuse.environment": "staging", "langfuse.release": "r1" };
  expect(normalisedOf({ ...told, "langfuse.observation.type": "agent" })).toMatchObject({ environment: "staging", release: "r1" });
  expect(normalisedOf({ ...told, "gen_ai.operation.name": "chat" })).toMatchObject({ environment: "staging", release: "r1" });
});

test("Strands: a decision is a model call", () => {
  expect(normalisedOf({ "gen_ai.operation.name": "decision", "gen_ai.request.model": "decider" }).kind).toBe("llm");
});

test("MLflow's cost, written when it knows the model's price", () => {
  expect(normalisedOf({ "mlflow.spanType": '"LLM"', "mlflow.llm.cost": '{"total_cost":0.25}' })).toMatchObject({ costUsd: 0.25 });
});

test("Logfire's instrumentation of a model client", () => {
  const span = normalisedOf({
    "logfire.msg": "Chat Completion with 'gpt-4o'",
    "gen_ai.request.model": "gpt-4o",
    request_data: '{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-4o"}',
    response_data: '{"message":{"role":"assistant","content":"Hello"},"usage":{"prompt_tokens":10,"completion_tokens":5}}',
  });
  expect(span).toMatchObject({
    dialect: "pydantic",
    kind: "llm",
    usage: { input: 10, output: 5 },
    inputMessages: [said("user", "Hi")],
    outputMessages: [said("assistant", "Hello")],
  });
});
