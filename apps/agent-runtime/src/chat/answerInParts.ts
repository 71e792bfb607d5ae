import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { z } from "zod";
import type { ChatAnswer, ChatToolCall, ChatUsage } from "./chatEndpoint.ts";

/** The longest answer that is read, in characters of text and arguments: many times what any reply or call needs. */
const ANSWER_CHARACTERS_MAX = 100_000;

/** The most tool calls in an answer. Their places are the endpoint's words, and a place may be any number. */
const TOOL_CALLS_MAX = 100;

const Count = z.number().int().nonnegative().catch(0);

/** Tokens as endpoints report them; what one does not know it leaves out. */
const Usage = z
  .object({
    prompt_tokens: z.number().int().nonnegative(),
    completion_tokens: z.number().int().nonnegative(),
    prompt_tokens_details: z.object({ cached_tokens: Count }).nullish().catch(null),
    completion_tokens_details: z.object({ reasoning_tokens: Count }).nullish().catch(null),
  })
  .transform(
    (usage): ChatUsage => ({
      inputTokens: usage.prompt_tokens,
      outputTokens: usage.completion_tokens,
      cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
      reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    }),
  );

/** A part of an answer, read tolerantly: servers differ in what they leave out. */
const Chunk = z.object({
  model: z.string().optional().catch(undefined),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().int().nonnegative().max(TOOL_CALLS_MAX).default(0),
                  id: z.string().nullish(),
                  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: Usage.nullish().catch(null),
});

/** An answer that comes in parts. `whole` is null while its end has not come. */
export interface AnswerInParts {
  take(chunk: ChatCompletionChunk): "more" | "too_long";
  whole(): ChatAnswer | null;
}

/** Puts an answer together from the parts in which it is streamed. Throws on a part that is none. */
export function openAnswer(requestedModel: string): AnswerInParts {
  const toolCalls: ChatToolCall[] = [];
  let model = requestedModel;
  let content = "";
  let characters = 0;
  let finishReason: string | null = null;
  let usage: ChatUsage | null = null;

  function callAt(place: number): ChatToolCall {
    const call = toolCalls[place] ?? { id: `call_${place + 1}`, type: "function", function: { name: "", arguments: "" } };
    toolCalls[place] = call;
    return call;
  }

  return {
    take(given) {
      const chunk = Chunk.parse(given);
      model = chunk.model || model;
      usage = chunk.usage ?? usage;
      const choice = chunk.choices[0];
      finishReason = choice?.finish_reason ?? finishReason;
      content += choice?.delta?.content ?? "";
      characters += choice?.delta?.content?.length ?? 0;
      for (const { index, id, function: part } of choice?.delta?.tool_calls ?? []) {
        const call = callAt(index);
        call.id = id || call.id;
        call.function.name += part?.name ?? "";
        call.function.arguments += part?.arguments ?? "";
        characters += part?.arguments?.length ?? 0;
      }
      if (characters <= ANSWER_CHARACTERS_MAX) return "more";
      finishReason = "too_long";
      return "too_long";
    },
    // Places that were left out leave holes.
    whole: () =>
      finishReason === null ? null : { model, content, toolCalls: toolCalls.filter((call) => call !== undefined), finishReason, usage },
  };
}
