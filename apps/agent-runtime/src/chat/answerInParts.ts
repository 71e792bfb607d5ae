import { z } from "zod";
import type { ChatAnswer, ChatToolCall, ChatUsage } from "./chatEndpoint.ts";

/** The longest answer that is read, in characters of text and arguments: many times the length of any real reply or call. */
const ANSWER_CHARACTERS_MAX = 100_000;

const Count = z.number().int().nonnegative().catch(0);

/** Token counts as endpoints report them; an endpoint may leave any of them out. */
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

/** A chunk of a streamed answer, read tolerantly: servers differ in the fields they leave out. */
const Chunk = z.object({
  model: z.string().optional().catch(undefined),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().int().nonnegative().default(0),
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

/** An answer that arrives in parts. `text` returns the text so far; `whole` returns null until the end has arrived. */
export interface AnswerInParts {
  take(chunk: unknown): "more" | "too_long";
  text(): string;
  whole(): ChatAnswer | null;
}

/** Assembles an answer from its streamed parts. Throws on a chunk that is not one. */
export function openAnswer(requestedModel: string): AnswerInParts {
  const toolCalls: ChatToolCall[] = [];
  const callByIndex = new Map<number, ChatToolCall>();
  let model = requestedModel;
  let content = "";
  let characters = 0;
  let finishReason: string | null = null;
  let usage: ChatUsage | null = null;

  /**
   * The call that a part belongs to. Some servers send all calls of an answer under one index: there, a different id means another call.
   */
  function callAt(index: number, id: string): ChatToolCall {
    const known = callByIndex.get(index);
    if (known !== undefined && (id === "" || known.id === "" || known.id === id)) return known;
    const call: ChatToolCall = { id, type: "function", function: { name: "", arguments: "" } };
    toolCalls.push(call);
    callByIndex.set(index, call);
    return call;
  }

  function take(text: string): string {
    characters += text.length;
    return text;
  }

  return {
    take(given) {
      const chunk = Chunk.parse(given);
      model = chunk.model || model;
      usage = chunk.usage ?? usage;
      const choice = chunk.choices[0];
      finishReason = choice?.finish_reason ?? finishReason;
      content += take(choice?.delta?.content ?? choice?.delta?.refusal ?? "");
      for (const { index, id, function: part } of choice?.delta?.tool_calls ?? []) {
        const call = callAt(index, id ?? "");
        call.id = id || call.id;
        call.function.name += take(part?.name ?? "");
        call.function.arguments += take(part?.arguments ?? "");
      }
      if (characters <= ANSWER_CHARACTERS_MAX) return "more";
      finishReason = "too_long";
      return "too_long";
    },
    text: () => content,
    whole: () => (finishReason === null ? null : { model, content, toolCalls, finishReason, usage }),
  };
}
