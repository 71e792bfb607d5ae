import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/** Laminar: its own kinds, payloads and association properties, OpenTelemetry's conventions for models. */
export const LAMINAR: Dialect = {
  ...OTEL_GEN_AI,
  name: "laminar",
  prefixes: ["lmnr."],
  texts: {
    ...OTEL_GEN_AI.texts,
    session: ["lmnr.association.properties.session_id"],
    user: ["lmnr.association.properties.user_id"],
  },
  bodies: {
    ...OTEL_GEN_AI.bodies,
    inputMessages: ["gen_ai.input.messages", "lmnr.span.input"],
    outputMessages: ["gen_ai.output.messages", "lmnr.span.output"],
    toolArguments: ["lmnr.span.input"],
    toolResult: ["lmnr.span.output"],
  },
  costUsd: ["gen_ai.usage.cost"],
  tags: ["lmnr.association.properties.tags"],
  kindKeys: ["lmnr.span.type"],
  kinds: {
    ...OTEL_GEN_AI.kinds,
    default: "chain",
    pipeline: "chain",
    executor: "chain",
    llm: "llm",
    cached: "llm",
    tool: "tool",
    evaluator: "evaluator",
    human_evaluator: "evaluator",
    evaluation: "evaluator",
  },
};

/** MLflow writes every value as JSON, so a kind is in quotes, and the model is best taken from the answer. */
export const MLFLOW: Dialect = {
  ...OTEL_GEN_AI,
  name: "mlflow",
  prefixes: ["mlflow.span"],
  texts: { ...OTEL_GEN_AI.texts, model: ["mlflow.spanOutputs#model", "mlflow.spanInputs#model"] },
  counts: {
    input: ["mlflow.chat.tokenUsage#input_tokens", "gen_ai.usage.input_tokens"],
    output: ["mlflow.chat.tokenUsage#output_tokens", "gen_ai.usage.output_tokens"],
    cached: ["mlflow.chat.tokenUsage#cache_read_input_tokens"],
    cacheWrite: ["mlflow.chat.tokenUsage#cache_creation_input_tokens"],
  },
  bodies: {
    inputMessages: ["mlflow.spanInputs"],
    outputMessages: ["mlflow.spanOutputs"],
    toolArguments: ["mlflow.spanInputs"],
    toolResult: ["mlflow.spanOutputs"],
  },
  costUsd: ["mlflow.llm.cost#total_cost"],
  kindKeys: ["mlflow.spanType"],
  kinds: {
    ...OTEL_GEN_AI.kinds,
    '"llm"': "llm",
    '"chat_model"': "llm",
    '"chain"': "chain",
    '"parser"': "chain",
    '"workflow"': "chain",
    '"task"': "chain",
    '"agent"': "agent",
    '"tool"': "tool",
    '"retriever"': "retriever",
    '"reranker"': "reranker",
    '"embedding"': "embedding",
    '"guardrail"': "guardrail",
    '"evaluator"': "evaluator",
  },
};

/**
 * Pydantic AI and Logfire: OpenTelemetry's conventions, plus a run's whole conversation, result and cost; Logfire's instrumentations of
 * model clients keep request and answer as JSON.
 */
export const PYDANTIC: Dialect = {
  ...OTEL_GEN_AI,
  name: "pydantic",
  prefixes: ["pydantic_ai.", "logfire."],
  marks: ["all_messages_events"],
  texts: { ...OTEL_GEN_AI.texts, agent: ["gen_ai.agent.name", "agent_name"] },
  counts: {
    ...OTEL_GEN_AI.counts,
    input: ["gen_ai.usage.input_tokens", "gen_ai.aggregated_usage.input_tokens", "response_data#usage.prompt_tokens"],
    output: ["gen_ai.usage.output_tokens", "gen_ai.aggregated_usage.output_tokens", "response_data#usage.completion_tokens"],
    cached: ["gen_ai.usage.cache_read.input_tokens", "gen_ai.aggregated_usage.cache_read.input_tokens"],
    reasoning: ["gen_ai.usage.details.reasoning_tokens", "gen_ai.aggregated_usage.details.reasoning_tokens"],
  },
  bodies: {
    ...OTEL_GEN_AI.bodies,
    inputMessages: ["gen_ai.input.messages", "pydantic_ai.all_messages", "all_messages_events", "request_data"],
    outputMessages: ["gen_ai.output.messages", "final_result", "response_data#message"],
    toolArguments: ["gen_ai.tool.call.arguments", "tool_arguments"],
    toolResult: ["gen_ai.tool.call.result", "tool_response"],
  },
  costUsd: ["operation.cost"],
};

/** Firebase Genkit: flows, and actions by subtype. */
export const GENKIT: Dialect = {
  ...OTEL_GEN_AI,
  name: "genkit",
  prefixes: ["genkit:"],
  texts: { ...OTEL_GEN_AI.texts, session: ["genkit:sessionId"], toolName: ["genkit:name"] },
  counts: { input: ["genkit:output#usage.inputTokens"], output: ["genkit:output#usage.outputTokens"] },
  bodies: {
    inputMessages: ["genkit:input"],
    outputMessages: ["genkit:output"],
    toolArguments: ["genkit:input"],
    toolResult: ["genkit:output"],
  },
  kindKeys: ["genkit:metadata:subtype", "genkit:type"],
  kinds: {
    model: "llm",
    tool: "tool",
    "tool.v2": "tool",
    flow: "chain",
    prompt: "chain",
    util: "chain",
    action: "chain",
    embedder: "embedding",
    retriever: "retriever",
    reranker: "reranker",
    evaluator: "evaluator",
    agent: "agent",
  },
};
