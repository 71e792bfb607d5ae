import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";

/**
 * OpenTelemetry's GenAI conventions in their three generations: up to 1.36 (`gen_ai.system`, prompt and completion tokens), 1.37 to 1.41
 * (`gen_ai.provider.name`, messages as attributes), and semantic-conventions-genai 0.1.0 (cache write, workflow merged into agent).
 * Includes the additions of Vercel's AI SDK 7 (steps and decisions) and Strands (decisions); a decision counts as a model call. Includes
 * index-flattened messages, which instrumentations wrote before messages were attributes.
 */
export const OTEL_GEN_AI: Dialect = {
  name: "otel-gen-ai",
  prefixes: ["gen_ai."],
  texts: {
    operation: [KEYS.operation],
    provider: [KEYS.provider, "gen_ai.system"],
    model: [KEYS.responseModel, KEYS.requestModel],
    agent: [KEYS.agentName, "gen_ai.workflow.name"],
    session: [KEYS.conversationId],
    promptName: [KEYS.promptName],
    promptVersion: [KEYS.promptVersion],
    toolName: [KEYS.toolName],
    toolCallId: [KEYS.toolCallId],
  },
  counts: {
    input: [KEYS.inputTokens, "gen_ai.usage.prompt_tokens"],
    output: [KEYS.outputTokens, "gen_ai.usage.completion_tokens"],
    cached: [KEYS.cachedTokens, "gen_ai.usage.cache_read_input_tokens"],
    cacheWrite: [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
    ],
    reasoning: [KEYS.reasoningTokens, "gen_ai.usage.reasoning_tokens", "ai.usage.outputTokenDetails.reasoningTokens"],
  },
  bodies: {
    systemMessages: [KEYS.systemInstructions, "ai.decision.state"],
    inputMessages: [KEYS.inputMessages, "gen_ai.prompt", "ai.decision.questions"],
    outputMessages: [KEYS.outputMessages, "gen_ai.completion", "ai.decision.answers"],
    toolArguments: [KEYS.toolArguments],
    toolResult: [KEYS.toolResult],
  },
  indexed: { inputMessages: "gen_ai.prompt", outputMessages: "gen_ai.completion" },
  costUsd: ["gen_ai.usage.cost"],
  kindKeys: [],
  kinds: {
    chat: "llm",
    generate_content: "llm",
    text_completion: "llm",
    responses: "llm",
    decide: "llm",
    decision: "llm",
    embeddings: "embedding",
    rerank: "reranker",
    retrieval: "retriever",
    search_memory: "retriever",
    create_agent: "agent",
    invoke_agent: "agent",
    execute_tool: "tool",
    invoke_workflow: "chain",
    agent_step: "chain",
    plan: "chain",
  },
};
