import type { AttributeValue } from "../otlp.ts";
import type { RunFields } from "./langSmithRequest.ts";
import { firstGeneration } from "./messagesOfRun.ts";
import { isStruct, type Struct, structOf } from "./struct.ts";

/** Token counts that a run reported. `cacheRead` and `cacheWrite` are part of `input`, `reasoning` is part of `output`. */
export interface RunUsage {
  input: AttributeValue;
  output: AttributeValue;
  cacheRead: AttributeValue;
  cacheWrite: AttributeValue;
  reasoning: AttributeValue;
  costUsd: AttributeValue;
}

/**
 * The token usage of a run: LangSmith's `usage_metadata` from the outputs, the metadata, or the message of a LangChain model, or else the
 * usage in a provider's own answer. Null if there is none.
 */
export function usageOfRun({ outputs, extra }: RunFields): RunUsage | null {
  const answer = structOf(outputs);
  const generation = structOf(firstGeneration(answer));
  const reported = [
    answer.usage_metadata,
    structOf(structOf(extra).metadata).usage_metadata,
    structOf(generation.kwargs).usage_metadata,
    structOf(generation.data).usage_metadata,
    generation.usage_metadata,
  ].find(isStruct);
  if (reported !== undefined) return usageOfMetadata(reported);

  const modelOutput = structOf(answer.llm_output);
  const provided = [answer.usage, modelOutput.token_usage, modelOutput.tokenUsage].find(isStruct);
  return provided === undefined ? null : usageOfProvider(provided);
}

function usageOfMetadata(usage: Struct): RunUsage {
  const inputDetails = structOf(usage.input_token_details);
  return {
    input: usage.input_tokens ?? null,
    output: usage.output_tokens ?? null,
    cacheRead: inputDetails.cache_read ?? null,
    cacheWrite: inputDetails.cache_creation ?? null,
    reasoning: structOf(usage.output_token_details).reasoning ?? null,
    costUsd: usage.total_cost ?? null,
  };
}

/** Usage under the names of both OpenAI APIs, of LangChain, and of Anthropic, whose cached tokens are not part of the input count. */
function usageOfProvider(usage: Struct): RunUsage {
  const input = usage.prompt_tokens ?? usage.input_tokens ?? usage.promptTokens ?? null;
  const beside = [usage.cache_read_input_tokens, usage.cache_creation_input_tokens].filter((count) => typeof count === "number");
  const inputDetails = structOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const outputDetails = structOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  return {
    input: typeof input === "number" ? beside.reduce((sum, count) => sum + count, input) : input,
    output: usage.completion_tokens ?? usage.output_tokens ?? usage.completionTokens ?? null,
    cacheRead: usage.cache_read_input_tokens ?? inputDetails.cached_tokens ?? null,
    cacheWrite: usage.cache_creation_input_tokens ?? null,
    reasoning: outputDetails.reasoning_tokens ?? null,
    costUsd: null,
  };
}
