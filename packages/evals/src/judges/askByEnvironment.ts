import { AppError, modelRefusal } from "@signalbox/model";
import { z } from "zod";
import type { Ask, FindAsk, JudgeQuestion } from "./ask.ts";

/** The time for one answer with all its retries, and how often a refusal that may pass is tried again. */
const TIMEOUT_MS = 60_000;
const RETRIES_MAX = 2;

/** No judgement is longer. */
const ANSWER_TOKENS_MAX = 2_000;

const Completion = z.object({
  model: z.string(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() }).nullish(),
});

function askAt(url: string, key: string): Ask {
  const { origin } = new URL(url);
  return async ({ model, system, user, schema, temperature }: JudgeQuestion) => {
    // Loaded where somebody is asked: it takes a fifth of a second.
    const { default: OpenAI, APIError, APIConnectionError } = await import("openai");
    const client = new OpenAI({
      ...{ baseURL: url, apiKey: key, organization: null, project: null, timeout: TIMEOUT_MS, maxRetries: RETRIES_MAX },
      logLevel: "off",
    });
    const answer = await client.chat.completions
      .create(
        {
          model,
          messages: [
            { role: "system", content: system },
            { role: "user", content: user },
          ],
          response_format: { type: "json_schema", json_schema: { name: "judgement", strict: true, schema: { ...schema } } },
          max_completion_tokens: ANSWER_TOKENS_MAX,
          ...(temperature === undefined ? {} : { temperature }),
        },
        { signal: AbortSignal.timeout(TIMEOUT_MS) },
      )
      .catch((error: unknown) => {
        if (!(error instanceof APIError) || error instanceof APIConnectionError || error.status === undefined)
          throw new AppError("model_unavailable", `The judge's model at ${origin} does not answer.`, { cause: error });
        const { code, words } = modelRefusal(error, key);
        throw new AppError(code, `The judge's model at ${origin} answered ${error.status}.${words}`);
      });
    const read = Completion.safeParse(answer);
    const [choice] = read.data?.choices ?? [];
    if (!read.success || choice === undefined)
      throw new AppError("model_unavailable", `What answers at ${origin} does not speak OpenAI's chat completions.`);
    const { usage } = read.data;
    return {
      text: choice.message.content ?? "",
      model: read.data.model,
      inputTokens: usage?.prompt_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0,
    };
  };
}

/** Finds models at the addresses that an environment holds. A key is read when a model is asked, and never told. */
export function askByEnvironment(env: Readonly<Record<string, string | undefined>>): FindAsk {
  return (endpoint) => {
    const url = z.url({ protocol: /^https?$/ }).safeParse(env[endpoint.url]);
    if (!url.success)
      throw new AppError("invalid_input", `A judge asks its model at ${endpoint.url}, which is not set to a URL here.`, {
        hint: `Set ${endpoint.url} where this runs, and ${endpoint.key} if the endpoint wants a key.`,
      });
    // The client insists on a key; a server without any takes whatever it is sent.
    return askAt(url.data, env[endpoint.key] || "none");
  };
}
