import { AppError } from "@signalbox/model";
import { z } from "zod";
import { findModelServer, type ModelServer } from "../models/modelServer.ts";
import type { Ask, FindAsk } from "./ask.ts";

/** The longest answer of a judge, in tokens. */
const ANSWER_TOKENS_MAX = 2_000;

const Completion = z.object({
  model: z.string(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() }).nullish(),
});

function askAt({ origin, ask }: ModelServer): Ask {
  return async ({ model, system, user, schema, temperature }) => {
    const answer = await ask((client, options) =>
      client.chat.completions.create(
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
        options,
      ),
    );
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

/** Finds judges' models at the addresses in an environment. */
export function askByEnvironment(env: Readonly<Record<string, string | undefined>>): FindAsk {
  return (endpoint) => askAt(findModelServer(env, endpoint, { who: "A judge", model: "The judge's model" }));
}
