import { KEYS } from "@signalbox/model";
import type { AgentCall, Conversation, Operation } from "./agentCall.ts";

/** A whole number becomes OTLP's intValue, any other a doubleValue, a list an arrayValue of texts. */
export type AttributeValue = string | number | readonly string[];
export type Attribute = readonly [key: string, value: AttributeValue];

/** The way one convention turns a call into a span. With `messages` or with `instead`, a span has fifteen attributes. */
interface SpanDialect {
  scope: { name: string; version: string };
  spanName: (call: AgentCall) => string;
  attributes: (call: AgentCall) => Attribute[];
  /** The attributes for a conversation. */
  messages: (said: Conversation) => Attribute[];
  /** The attributes of a span without a conversation. */
  instead: (call: AgentCall) => Attribute[];
}

const OPEN_INFERENCE_KINDS: Record<Operation, string> = {
  chat: "LLM",
  execute_tool: "TOOL",
  invoke_agent: "AGENT",
  embeddings: "EMBEDDING",
};
const VERCEL_OPERATIONS: Record<Operation, string> = {
  chat: "ai.generateText.doGenerate",
  execute_tool: "ai.toolCall",
  invoke_agent: "ai.generateText",
  embeddings: "ai.embed.doEmbed",
};
const LANGFUSE_TYPES: Record<Operation, string> = {
  chat: "generation",
  execute_tool: "tool",
  invoke_agent: "agent",
  embeddings: "embedding",
};

/** The GenAI conventions of OpenTelemetry, 1.37 and later. */
const OTEL: SpanDialect = {
  scope: { name: "opentelemetry.instrumentation.genai", version: "0.1.0" },
  spanName: ({ operation, model }) => `${operation} ${model}`,
  attributes: (call) => [
    [KEYS.operation, call.operation],
    [KEYS.provider, call.provider],
    [KEYS.requestModel, call.model],
    [KEYS.responseModel, `${call.model}-2026-08-01`],
    ["gen_ai.request.temperature", 0.7],
    ["gen_ai.request.max_tokens", 4_096],
    [KEYS.inputTokens, call.inputTokens],
    [KEYS.outputTokens, call.outputTokens],
    ["gen_ai.response.id", call.responseId],
    ["gen_ai.response.finish_reasons", ["stop"]],
    [KEYS.conversationId, call.session],
    [KEYS.agentName, call.agent],
    [KEYS.userId, call.user],
  ],
  messages: ({ system, user, answer }) => [
    [KEYS.inputMessages, JSON.stringify([otelMessage("system", system), otelMessage("user", user)])],
    [KEYS.outputMessages, JSON.stringify([{ ...otelMessage("assistant", answer), finish_reason: "stop" }])],
  ],
  instead: (call) => [
    [KEYS.toolName, call.tool],
    ["server.address", call.server],
  ],
};

function otelMessage(role: string, content: string) {
  return { role, parts: [{ type: "text", content }] };
}

const OPENINFERENCE: SpanDialect = {
  scope: { name: "@arizeai/openinference-instrumentation-openai", version: "2.3.0" },
  spanName: ({ operation }) => (operation === "chat" ? "OpenAI Chat Completions" : operation),
  attributes: (call) => [
    ["openinference.span.kind", OPEN_INFERENCE_KINDS[call.operation]],
    ["llm.provider", call.provider],
    ["llm.model_name", call.model],
    ["llm.invocation_parameters", JSON.stringify({ temperature: 0.7, max_tokens: 4_096 })],
    ["llm.token_count.prompt", call.inputTokens],
    ["llm.token_count.completion", call.outputTokens],
    ["session.id", call.session],
    ["agent.name", call.agent],
    [KEYS.userId, call.user],
  ],
  messages: ({ system, user, answer }) => [
    ["llm.input_messages.0.message.role", "system"],
    ["llm.input_messages.0.message.content", system],
    ["llm.input_messages.1.message.role", "user"],
    ["llm.input_messages.1.message.content", user],
    ["llm.output_messages.0.message.role", "assistant"],
    ["llm.output_messages.0.message.content", answer],
  ],
  instead: (call) => [
    ["llm.token_count.total", call.inputTokens + call.outputTokens],
    ["llm.response.model_name", `${call.model}-2026-08-01`],
    ["llm.finish_reason", "stop"],
    ["tool.name", call.tool],
    ["tool.id", call.responseId],
    ["server.address", call.server],
  ],
};

/** Vercel's AI SDK, as version 6 traces itself. */
const VERCEL: SpanDialect = {
  scope: { name: "ai", version: "6.0.0" },
  spanName: ({ operation }) => VERCEL_OPERATIONS[operation],
  attributes: (call) => [
    ["ai.operationId", VERCEL_OPERATIONS[call.operation]],
    ["operation.name", `${VERCEL_OPERATIONS[call.operation]} ${call.agent}`],
    ["ai.telemetry.functionId", call.agent],
    ["ai.model.id", call.model],
    ["ai.model.provider", call.provider],
    ["ai.response.model", `${call.model}-2026-08-01`],
    ["ai.response.id", call.responseId],
    ["ai.response.finishReason", "stop"],
    ["ai.usage.inputTokens", call.inputTokens],
    ["ai.usage.outputTokens", call.outputTokens],
    ["ai.usage.totalTokens", call.inputTokens + call.outputTokens],
    ["ai.telemetry.metadata.sessionId", call.session],
    ["ai.telemetry.metadata.userId", call.user],
  ],
  messages: ({ system, user, answer }) => [
    [
      "ai.prompt.messages",
      JSON.stringify([
        { role: "system", content: system },
        { role: "user", content: [{ type: "text", text: user }] },
      ]),
    ],
    ["ai.response.text", answer],
  ],
  instead: (call) => [
    ["ai.toolCall.name", call.tool],
    ["server.address", call.server],
  ],
};

const LANGFUSE: SpanDialect = {
  scope: { name: "langfuse-sdk", version: "5.11.1" },
  spanName: ({ operation, agent }) => `${agent} ${operation}`,
  attributes: (call) => [
    ["langfuse.observation.type", LANGFUSE_TYPES[call.operation]],
    ["langfuse.observation.level", "DEFAULT"],
    ["langfuse.observation.model.name", call.model],
    ["langfuse.observation.model.parameters", JSON.stringify({ temperature: 0.7, max_tokens: 4_096 })],
    ["langfuse.observation.usage_details", JSON.stringify({ input: call.inputTokens, output: call.outputTokens })],
    ["langfuse.observation.prompt.name", call.agent],
    ["langfuse.observation.prompt.version", 3],
    ["langfuse.trace.name", call.agent],
    ["langfuse.trace.tags", ["load"]],
    ["langfuse.environment", "production"],
    ["langfuse.release", "1.4.0"],
    ["session.id", call.session],
    [KEYS.userId, call.user],
  ],
  messages: ({ system, user, answer }) => [
    [
      "langfuse.observation.input",
      JSON.stringify([
        { role: "system", content: system },
        { role: "user", content: user },
      ]),
    ],
    ["langfuse.observation.output", JSON.stringify({ role: "assistant", content: answer })],
  ],
  instead: (call) => [
    ["langfuse.observation.metadata", JSON.stringify({ tool: call.tool })],
    ["server.address", call.server],
  ],
};

/** The generator's conventions, by name. */
export const SPAN_DIALECTS = { otel: OTEL, openinference: OPENINFERENCE, vercel: VERCEL, langfuse: LANGFUSE } as const;
export type SpanDialectName = keyof typeof SPAN_DIALECTS;
export const SPAN_DIALECT_NAMES = Object.keys(SPAN_DIALECTS) as SpanDialectName[];
