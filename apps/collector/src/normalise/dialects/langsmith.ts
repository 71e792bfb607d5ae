import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";

/**
 * LangSmith: runs in the form that `decode/langsmith` writes, and spans of LangSmith's own OpenTelemetry exporter, which uses some of the
 * same names and writes the other fields under `gen_ai.`.
 */
export const LANGSMITH: Dialect = {
  name: "langsmith",
  prefixes: ["langsmith."],
  texts: {
    operation: ["langsmith.role", "langsmith.span.kind"],
    provider: ["langsmith.metadata.ls_provider", KEYS.provider, "gen_ai.system"],
    model: ["langsmith.metadata.ls_model_name", "langsmith.model", KEYS.responseModel, KEYS.requestModel],
    agent: ["langsmith.metadata.lc_agent_name", KEYS.agentName],
    session: ["langsmith.metadata.session_id", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id"],
    user: ["langsmith.metadata.user_id"],
    promptName: ["langsmith.metadata.lc_hub_repo"],
    promptVersion: ["langsmith.metadata.lc_hub_commit_hash"],
    variant: [`langsmith.metadata.${KEYS.variant}`],
    toolName: ["langsmith.tool.name", KEYS.toolName],
    toolCallId: ["langsmith.extra.tool_call_id", KEYS.toolCallId],
  },
  counts: {
    input: ["langsmith.usage.input_tokens", KEYS.inputTokens],
    output: ["langsmith.usage.output_tokens", KEYS.outputTokens],
    cached: [
      "langsmith.usage.cache_read",
      "langsmith.usage_metadata#input_token_details.cache_read",
      "langsmith.metadata.usage_metadata#input_token_details.cache_read",
      KEYS.cachedTokens,
    ],
    cacheWrite: [
      "langsmith.usage.cache_creation",
      "langsmith.usage_metadata#input_token_details.cache_creation",
      "langsmith.metadata.usage_metadata#input_token_details.cache_creation",
    ],
    reasoning: [
      "langsmith.usage.reasoning",
      "langsmith.usage_metadata#output_token_details.reasoning",
      "langsmith.metadata.usage_metadata#output_token_details.reasoning",
      KEYS.reasoningTokens,
    ],
  },
  bodies: {
    inputMessages: ["langsmith.input.messages", "langsmith.input", "gen_ai.prompt"],
    outputMessages: ["langsmith.output.messages", "langsmith.output", "gen_ai.completion"],
    toolArguments: ["langsmith.tool.arguments", "gen_ai.prompt"],
    toolResult: ["langsmith.tool.result", "gen_ai.completion"],
  },
  costUsd: ["langsmith.usage.total_cost"],
  joinedTags: ["langsmith.span.tags"],
  kindKeys: [],
  kinds: {
    agent: "agent",
    evaluator: "evaluator",
    llm: "llm",
    chain: "chain",
    prompt: "chain",
    parser: "chain",
    tool: "tool",
    retriever: "retriever",
    embedding: "embedding",
  },
};
