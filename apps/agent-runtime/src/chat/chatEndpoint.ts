import { canonicalHash } from "@signalbox/model";
import { z } from "zod";

/** A tool call as a model writes it: `arguments` is text that ought to be JSON. Its `id` is empty where a server gives none. */
export const ChatToolCall = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ChatToolCall = z.infer<typeof ChatToolCall>;

/** A message of OpenAI's chat completions, as far as we write them. */
export const ChatMessage = z.discriminatedUnion("role", [
  z.object({ role: z.literal("system"), content: z.string() }),
  z.object({ role: z.literal("user"), content: z.string() }),
  z.object({ role: z.literal("assistant"), content: z.string().nullable(), tool_calls: z.array(ChatToolCall).exactOptional() }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content: z.string() }),
]);
export type ChatMessage = z.infer<typeof ChatMessage>;

/** A tool as a model is told of it; `parameters` is a JSON Schema. */
export const ChatTool = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
export type ChatTool = z.infer<typeof ChatTool>;

/** All that decides what a model answers, in the form of OpenAI's chat completions. `temperature` is left to the endpoint when absent. */
export const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(ChatMessage),
  tools: z.array(ChatTool).exactOptional(),
  temperature: z.number().exactOptional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** Tokens as an endpoint reported them. Cached tokens are inside the input, reasoning tokens inside the output. */
export const ChatUsage = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  cachedTokens: z.number().int().nonnegative(),
  reasoningTokens: z.number().int().nonnegative(),
});
export type ChatUsage = z.infer<typeof ChatUsage>;

/**
 * What a model answered, whole. `model` is its own name for itself. `finishReason` is the endpoint's word (`stop`, `tool_calls`, `length`,
 * `content_filter`), or `too_long` for an answer that we cut off. `usage` is null where the endpoint reported none.
 */
export const ChatAnswer = z.object({
  model: z.string(),
  content: z.string(),
  toolCalls: z.array(ChatToolCall),
  finishReason: z.string(),
  usage: ChatUsage.nullable(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

/** An answer and where it came from: the model itself, or a cassette. */
export type Completion = { answer: ChatAnswer; isReplayed: boolean };

/**
 * Where language models are asked. `provider` is its name in spans. `complete` answers a whole answer or throws an `AppError`:
 * `model_unavailable` may pass, and is nothing that the service that asks could help; what else an endpoint refuses will be
 * refused again. While an answer comes in parts, `onText` is called with its text so far, each time that has grown. Once `halt`
 * is aborted the call is given up (`upstream_unavailable`). Implementations: any OpenAI-compatible endpoint, and cassettes.
 */
export interface ChatEndpoint {
  readonly provider: string;
  complete(request: ChatRequest, onText?: (text: string) => void, halt?: AbortSignal): Promise<Completion>;
}

/** What a request is known by: the SHA-256 (hex) of its RFC 8785 text. How it travels is no part of it. */
export function requestHash(request: ChatRequest): string {
  return canonicalHash(request);
}
