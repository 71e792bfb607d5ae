/**
 * The attributes in which each SDK reports how many input tokens were written to a cache, for which spans have no column.
 * After `#` comes a path (with dots) into the attribute's JSON. The tables of the collector's dialects use the same keys.
 */
export const CACHE_WRITE_KEYS = [
  "gen_ai.usage.cache_write.input_tokens",
  "gen_ai.usage.cache_creation.input_tokens",
  "gen_ai.usage.cache_creation_input_tokens",
  "llm.token_count.prompt_details.cache_write",
  "ai.usage.inputTokenDetails.cacheWriteTokens",
  "langsmith.usage.cache_creation",
  "langsmith.usage_metadata#input_token_details.cache_creation",
  "langsmith.metadata.usage_metadata#input_token_details.cache_creation",
  "langfuse.observation.usage_details#input_cache_creation",
  "langfuse.observation.usage_details#cache_creation_input_tokens",
  "mlflow.chat.tokenUsage#cache_creation_input_tokens",
] as const;
