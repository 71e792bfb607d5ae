import { canonicalHash } from "@signalbox/model";
import { z } from "zod";

/** A tool call as a model writes it: `arguments` is text that should be JSON. `id` is empty if the server gives none. */
export const ChatToolCall = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ChatToolCall = z.infer<typeof ChatToolCall>;

/** A message of OpenAI's chat completions, limited to the fields that we send. */
export const ChatMessage = z.discriminatedUnion("role", [
  z.object({ role: z.literal("system"), content: z.string() }),
  z.object({ role: z.literal("user"), content: z.string() }),
  z.object({ role: z.literal("assistant"), content: z.string().nullable(), tool_calls: z.array(ChatToolCall).exactOptional() }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content: z.string() }),
]);
export type ChatMessage = z.infer<typeof ChatMessage>;

/** A tool as it is described to a model; `parameters` is a JSON Schema. */
export const ChatTool = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
export type ChatTool = z.infer<typeof ChatTool>;

/**
 * Everything that determines a model's answer, in the form of OpenAI's chat completions. An absent `temperature` leaves it to the endpoint.
 */
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
 * A model's whole answer. `model` is the name that the endpoint reports. `finishReason` is the endpoint's word (`stop`, `tool_calls`,
 * `length`, `content_filter`), or `too_long` for an answer that we cut off. `usage` is null where the endpoint reported none.
 */
export const ChatAnswer = z.object({
  model: z.string(),
  content: z.string(),
  toolCalls: z.array(ChatToolCall),
  finishReason: z.string(),
  usage: ChatUsage.nullable(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

/** An answer, and whether it was played from a cassette instead of asked of the model. */
export type Completion = { answer: ChatAnswer; isReplayed: boolean };

/**
 * A source of answers from language models. `provider` is its name in spans. `complete` returns a whole answer or throws an `AppError`:
 * `model_unavailable` may pass and is no fault of the calling service; any other code will recur. While an answer streams, `onText` is
 * called with the text so far each time that it has grown. Aborting `halt` gives the call up (`upstream_unavailable`). Implementations: any
 * OpenAI-compatible endpoint, and cassettes.
 */
export interface ChatEndpoint {
  readonly provider: string;
  complete(request: ChatRequest, onText?: (text: string) => void, halt?: AbortSignal): Promise<Completion>;
}

/** A request's identity: the SHA-256 (hex) of its RFC 8785 form. Transport settings are not part of it. */
export function requestHash(request: ChatRequest): string {
  return canonicalHash(request);
}
