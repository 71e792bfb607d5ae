import type { Dialect } from "../dialect.ts";

/**
 * Langfuse's observations (JS v4 and v5, Python v3). Its processor also writes `langfuse.trace.*` and `langfuse.environment` on other
 * libraries' spans, which keep their own dialect. Its usage counts each token once: input excludes the cached part, except where it passes
 * OpenAI's usage on unchanged.
 */
export const LANGFUSE: Dialect = {
  name: "langfuse",
  prefixes: ["langfuse.observation."],
  texts: {
    operation: ["langfuse.observation.type"],
    provider: ["gen_ai.provider.name", "gen_ai.system"],
    model: ["langfuse.observation.model.name", "gen_ai.response.model", "gen_ai.request.model"],
    agent: ["gen_ai.agent.name"],
    session: ["session.id", "langfuse.session.id"],
    user: ["user.id", "langfuse.user.id"],
    promptName: ["langfuse.observation.prompt.name"],
    promptVersion: ["langfuse.observation.prompt.version"],
  },
  counts: {
    input: [
      "langfuse.observation.usage_details#input",
      "langfuse.observation.usage_details#prompt_tokens",
      "langfuse.observation.usage_details#input_tokens",
    ],
    output: [
      "langfuse.observation.usage_details#output",
      "langfuse.observation.usage_details#completion_tokens",
      "langfuse.observation.usage_details#output_tokens",
    ],
    cached: [
      "langfuse.observation.usage_details#input_cached_tokens",
      "langfuse.observation.usage_details#input_cache_read",
      "langfuse.observation.usage_details#cache_read_input_tokens",
    ],
    cachedInside: [
      "langfuse.observation.usage_details#prompt_tokens_details.cached_tokens",
      "langfuse.observation.usage_details#input_tokens_details.cached_tokens",
    ],
    cacheWrite: [
      "langfuse.observation.usage_details#input_cache_creation",
      "langfuse.observation.usage_details#cache_creation_input_tokens",
    ],
    reasoning: [
      "langfuse.observation.usage_details#output_reasoning_tokens",
      "langfuse.observation.usage_details#output_reasoning",
      "langfuse.observation.usage_details#completion_tokens_details.reasoning_tokens",
      "langfuse.observation.usage_details#output_tokens_details.reasoning_tokens",
    ],
  },
  bodies: {
    inputMessages: ["langfuse.observation.input"],
    outputMessages: ["langfuse.observation.output"],
    toolArguments: ["langfuse.observation.input"],
    toolResult: ["langfuse.observation.output"],
  },
  costUsd: ["langfuse.observation.cost_details#total"],
  tags: ["langfuse.trace.tags"],
  kindKeys: ["langfuse.observation.type"],
  kinds: {
    span: "chain",
    chain: "chain",
    generation: "llm",
    embedding: "embedding",
    agent: "agent",
    tool: "tool",
    retriever: "retriever",
    guardrail: "guardrail",
    evaluator: "evaluator",
  },
  cachedIsBesideInput: true,
};
