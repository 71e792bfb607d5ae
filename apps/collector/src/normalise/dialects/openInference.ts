import type { Dialect } from "../dialect.ts";

/** OpenInference 2.12 (Arize, Phoenix). Cached tokens are part of the prompt's. */
export const OPEN_INFERENCE: Dialect = {
  name: "openinference",
  prefixes: ["openinference.span."],
  texts: {
    operation: ["openinference.span.kind"],
    provider: ["llm.provider", "llm.system"],
    model: ["llm.response.model_name", "llm.model_name", "llm.request.model_name", "embedding.model_name", "reranker.model_name"],
    agent: ["agent.name"],
    session: ["session.id", "metadata#session_id", "metadata#thread_id", "metadata#conversation_id"],
    user: ["user.id", "metadata#user_id"],
    promptName: ["prompt.id"],
    promptVersion: ["llm.prompt_template.version"],
    toolName: ["tool.name"],
    toolCallId: ["tool.id", "tool_call.id"],
  },
  counts: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    cached: ["llm.token_count.prompt_details.cache_read"],
    cacheWrite: ["llm.token_count.prompt_details.cache_write"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
  },
  bodies: {
    inputMessages: ["input.value"],
    outputMessages: ["output.value"],
    toolArguments: ["input.value"],
    toolResult: ["output.value"],
  },
  indexed: { inputMessages: "llm.input_messages", outputMessages: "llm.output_messages" },
  costUsd: ["llm.cost.total"],
  tags: ["tag.tags"],
  kindKeys: ["openinference.span.kind"],
  kinds: {
    llm: "llm",
    chain: "chain",
    prompt: "chain",
    tool: "tool",
    retriever: "retriever",
    reranker: "reranker",
    embedding: "embedding",
    agent: "agent",
    guardrail: "guardrail",
    evaluator: "evaluator",
  },
};
