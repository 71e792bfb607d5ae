import { AppError, modelRefusal } from "@signalbox/model";
import type { OpenAI } from "openai";
import { z } from "zod";
import type { JudgeEndpoint } from "../judges/ask.ts";

/** The time limit of one answer with all its retries, in milliseconds, and the number of retries after a refusal that may pass. */
const TIMEOUT_MS = 60_000;
const RETRIES_MAX = 2;

/** The party that asks a model, and the model, as subjects of sentences: `A judge`, `The judge's model`. */
export interface Asker {
  readonly who: string;
  readonly model: string;
}

/** An OpenAI-compatible server; `origin` may be shown to people. */
export interface ModelServer {
  readonly origin: string;
  /** Asks through the client; throws `model_unavailable` where nothing answers, and refusals according to `modelRefusal`. */
  ask<Answer>(call: (client: OpenAI, options: { signal: AbortSignal }) => Promise<Answer>): Promise<Answer>;
}

/**
 * Finds the server at the address in an environment. A key is read when a model
 * is asked, and never shown. Throws `invalid_input` where no address is set.
 */
export function findModelServer(
  env: Readonly<Record<string, string | undefined>>,
  endpoint: JudgeEndpoint,
  { who, model }: Asker,
): ModelServer {
  const url = z.url({ protocol: /^https?$/ }).safeParse(env[endpoint.url]);
  if (!url.success)
    throw new AppError("invalid_input", `${who} asks its model at ${endpoint.url}, which is not set to a URL here.`, {
      hint: `Set ${endpoint.url} where this runs, and ${endpoint.key} if the endpoint wants a key.`,
    });
  const { origin } = new URL(url.data);
  return {
    origin,
    async ask(call) {
      // Loaded lazily: it takes a fifth of a second.
      const { default: Client, APIError } = await import("openai");
      const key = env[endpoint.key];
      const client = new Client({
        // The client insists on a key; a server without one accepts any.
        ...{ baseURL: url.data, apiKey: key || "none", organization: null, project: null, timeout: TIMEOUT_MS, maxRetries: RETRIES_MAX },
        logLevel: "off",
      });
      try {
        return await call(client, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      } catch (error) {
        // An error of the connection has no status.
        if (!(error instanceof APIError) || error.status === undefined)
          throw new AppError("model_unavailable", `${model} at ${origin} does not answer.`, { cause: error });
        const { code, words } = modelRefusal(error, key);
        throw new AppError(code, `${model} at ${origin} answered ${error.status}.${words}`);
      }
    },
  };
}
