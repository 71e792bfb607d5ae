import { canonicalHash, dayOf, estimateCostUsd, estimateTokens, type ModelUse, type PromptUsed, priceOf } from "@signalbox/model";
import { type ChatAnswer, type ChatEndpoint, type ChatRequest, type ChatUsage, type Completion, requestHash } from "./chatEndpoint.ts";

/** Estimated usage of a call, for an endpoint that reports none: all input and all output, counted in tokens. */
function estimateUsage({ messages, tools = [] }: ChatRequest, { content, toolCalls }: ChatAnswer): ChatUsage {
  return {
    inputTokens: estimateTokens([JSON.stringify(messages), JSON.stringify(tools)]),
    outputTokens: estimateTokens([content, ...toolCalls.map((call) => JSON.stringify(call.function))]),
    cachedTokens: 0,
    reasoningTokens: 0,
  };
}

/**
 * The usage record of a call: reported tokens (or an estimate, marked as one), cost at the list price of the day, and the prompt and
 * settings of the request.
 */
export function modelUseOf(
  { provider }: Pick<ChatEndpoint, "provider">,
  request: ChatRequest,
  { answer, isReplayed }: Completion,
  { name, version, hash }: PromptUsed,
  nowMs: number,
): ModelUse {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = answer.usage ?? estimateUsage(request, answer);
  const price = priceOf(answer.model, dayOf(nowMs)) ?? priceOf(request.model, dayOf(nowMs));
  const usage = { input: inputTokens, output: outputTokens, cached: cachedTokens, cacheWrite: null };
  return {
    provider,
    model: request.model,
    inputTokens,
    outputTokens,
    call: {
      model: answer.model,
      finishReason: answer.finishReason,
      cachedTokens,
      reasoningTokens,
      isEstimate: answer.usage === null,
      costUsd: price === null ? null : estimateCostUsd(usage, price),
      prompt: { name, version, hash },
      toolsHash: canonicalHash(request.tools ?? []).slice(0, 12),
      requestHash: requestHash(request),
      isReplayed,
    },
  };
}
