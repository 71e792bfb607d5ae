import type { Dialect } from "../dialect.ts";

/**
 * The `ai.*` spans of Vercel's AI SDK 4 to 6, and of 7 with its legacy telemetry. The outer span of a generation sums up its steps; the
 * inner ones (`doGenerate`, `doStream`, `doEmbed`) are the model calls, and repeat some of their values under `gen_ai.*`.
 */
export const VERCEL_AI: Dialect = {
  name: "vercel-ai",
  prefixes: [],
  marks: ["ai.operationId"],
  texts: {
    operation: ["ai.operationId"],
    provider: ["ai.model.provider", "gen_ai.system"],
    model: ["ai.response.model", "gen_ai.response.model", "ai.model.id"],
    agent: ["ai.telemetry.functionId"],
    session: [
      "ai.telemetry.metadata.sessionId",
      "ai.telemetry.metadata.session_id",
      "ai.telemetry.metadata.threadId",
      "ai.telemetry.metadata.conversationId",
      "ai.telemetry.metadata.chatId",
    ],
    user: ["ai.telemetry.metadata.userId", "ai.telemetry.metadata.user_id"],
    toolName: ["ai.toolCall.name"],
    toolCallId: ["ai.toolCall.id"],
  },
  counts: {
    input: ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"],
    output: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
    cached: ["ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"],
    cacheWrite: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
    reasoning: ["ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens"],
  },
  bodies: {
    inputMessages: ["ai.prompt.messages", "ai.prompt", "ai.value"],
    outputMessages: ["ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.result.text", "ai.result.object"],
    toolArguments: ["ai.toolCall.args"],
    toolResult: ["ai.toolCall.result"],
  },
  costUsd: [],
  tags: ["ai.telemetry.metadata.tags"],
  kindKeys: ["ai.operationId"],
  kinds: {
    "ai.generatetext": "agent",
    "ai.streamtext": "agent",
    "ai.generatetext.dogenerate": "llm",
    "ai.streamtext.dostream": "llm",
    "ai.generateobject": "chain",
    "ai.streamobject": "chain",
    "ai.generateobject.dogenerate": "llm",
    "ai.streamobject.dostream": "llm",
    "ai.toolcall": "tool",
    "ai.embed": "embedding",
    "ai.embed.doembed": "embedding",
    "ai.embedmany": "embedding",
    "ai.embedmany.doembed": "embedding",
    "ai.rerank": "reranker",
    "ai.rerank.dorerank": "reranker",
  },
};
