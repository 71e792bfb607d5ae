/**
 * Where the words of each SDK tell how many tokens of the input were written to a cache, which has no column of its own: an attribute,
 * or with `#` a member of its JSON (with dots, of objects in it). The tables of the collector's dialects read the same ones.
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
