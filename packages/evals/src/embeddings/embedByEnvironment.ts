import { AppError } from "@signalbox/model";
import { z } from "zod";
import type { Embed, FindEmbed } from "./embed.ts";

/** The time for one answer with all its retries, and how often a refusal that may pass is tried again. */
const TIMEOUT_MS = 60_000;
const RETRIES_MAX = 2;

const Answer = z.object({ data: z.array(z.object({ embedding: z.array(z.number()).min(1) })).length(1) });

/** Refusals that are of the text: it is too long, or nothing that can be embedded. */
const OF_THE_TEXT: ReadonlySet<unknown> = new Set([400, 413, 422]);

const WORDS_MAX = 300;

/** What any model has a vector of: where it has none of this either, the refusal was of no text. */
const PROBE = "yes";

function embedAt(url: string, key: string): Embed {
  const { origin } = new URL(url);
  let hasGivenVector = false;

  const ask: Embed = async (model, text) => {
    // Loaded where somebody is asked: it takes a fifth of a second.
    const { default: OpenAI, APIError } = await import("openai");
    const client = new OpenAI({
      ...{ baseURL: url, apiKey: key, organization: null, project: null, timeout: TIMEOUT_MS, maxRetries: RETRIES_MAX },
      logLevel: "off",
    });
    const answer = await client.embeddings
      .create({ model, input: text, encoding_format: "float" }, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      .catch((error: unknown) => {
        const status = error instanceof APIError ? error.status : undefined;
        if (status === undefined)
          throw new AppError("model_unavailable", `The embedding model at ${origin} does not answer.`, { cause: error });
        if (status === 401 || status === 403)
          throw new AppError("unauthenticated", `The embedding model at ${origin} does not accept the key.`);
        const words = (error as Error).message.replaceAll(key, "[key]").slice(0, WORDS_MAX);
        const code = OF_THE_TEXT.has(status) ? "bad_answer" : "model_unavailable";
        throw new AppError(code, `The embedding model at ${origin} answered ${status}. It says: ${words}`);
      });
    const read = Answer.safeParse(answer);
    const [first] = read.data?.data ?? [];
    if (first === undefined) throw new AppError("model_unavailable", `What answers at ${origin} gave no vector of numbers.`);
    hasGivenVector = true;
    return first.embedding;
  };

  return async (model, text) => {
    try {
      return await ask(model, text);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "bad_answer") throw error;
      if (!hasGivenVector) await ask(model, PROBE).catch(() => {});
      throw hasGivenVector ? error : new AppError("model_unavailable", error.message, { cause: error });
    }
  };
}

/** Finds embedding models at the addresses that an environment holds. What one refuses (`bad_answer`) is a text; one that has a vector of nothing is `model_unavailable`. A key is read when a model is asked, and never told. */
export function embedByEnvironment(env: Readonly<Record<string, string | undefined>>): FindEmbed {
  return (endpoint) => {
    const url = z.url({ protocol: /^https?$/ }).safeParse(env[endpoint.url]);
    if (!url.success)
      throw new AppError("invalid_input", `The scorer embedding asks its model at ${endpoint.url}, which is not set to a URL here.`, {
        hint: `Set ${endpoint.url} where this runs, and ${endpoint.key} if the endpoint wants a key.`,
      });
    // The client insists on a key; a server without any takes whatever it is sent.
    return embedAt(url.data, env[endpoint.key] || "none");
  };
}
