import { AppError, modelRefusal } from "@signalbox/model";
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import { type AnswerInParts, openAnswer } from "./answerInParts.ts";
import type { ChatAnswer, ChatEndpoint, ChatRequest } from "./chatEndpoint.ts";

/**
 * Settings of an OpenAI-compatible endpoint. `timeoutMs` is the time for a whole answer with all its retries. A refusal that may pass (408,
 * 409, 429, 5xx, no connection) is retried up to `retriesMax` times, after the time in `Retry-After` (up to a minute) or after half a
 * second, doubling.
 */
export type EndpointSettings = { url: string; key: string | undefined; provider: string; timeoutMs: number; retriesMax: number };

/** A placeholder: the client insists on a key, and a server without keys ignores it. */
const NO_KEY = "none";

function failureOf(error: unknown, { url, key, timeoutMs }: EndpointSettings, deadline: AbortSignal, givenUp: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (givenUp.aborted)
    return new AppError("upstream_unavailable", "The call of the model was given up: nobody waits for its answer any more.");
  const { origin } = new URL(url);
  if (deadline.aborted) return new AppError("model_unavailable", `The model at ${origin} had not answered after ${timeoutMs} ms.`);
  if (error instanceof APIError && !(error instanceof APIConnectionError) && !(error instanceof APIUserAbortError)) {
    const { code, words } = modelRefusal(error, key);
    const status = error.status === undefined ? "with an error" : String(error.status);
    return new AppError(code, `The model at ${origin} answered ${status}.${words}`, {
      ...(code === "unauthenticated" || code === "forbidden" ? { hint: "Is SIGNALBOX_LLM_KEY right?" } : {}),
    });
  }
  return new AppError("model_unavailable", `The model at ${origin} broke off, or answered something else than a chat completion.`, {
    cause: error,
  });
}

async function readStream(
  stream: AsyncIterable<unknown>,
  answer: AnswerInParts,
  onText: (text: string) => void,
): Promise<ChatAnswer | null> {
  let toldCharacters = 0;
  for await (const chunk of stream) {
    // Leaving the loop early closes the connection, so the rest of an answer that is too long is not read.
    if (answer.take(chunk) === "too_long") break;
    const text = answer.text();
    if (text.length > toldCharacters) onText(text);
    toldCharacters = text.length;
  }
  return answer.whole();
}

/**
 * Calls models at any OpenAI-compatible endpoint. Answers are streamed, so that an endless one is noticed while it arrives. Aborting
 * `leaving`, as this process ends, gives up all calls in flight.
 */
export function openAiEndpoint(settings: EndpointSettings, leaving: AbortSignal): ChatEndpoint {
  const { url, key, provider, timeoutMs, retriesMax } = settings;
  const client = new OpenAI({
    baseURL: url,
    apiKey: key ?? NO_KEY,
    organization: null,
    project: null,
    // The client's timeout restarts with each retry and must not fire first: ours covers the whole answer.
    timeout: 2 * timeoutMs,
    maxRetries: retriesMax,
    // At its most verbose level the client would log whole requests.
    logLevel: "off",
  });

  async function ask(request: ChatRequest, onText: (text: string) => void, signal: AbortSignal): Promise<ChatAnswer> {
    const stream = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } }, { signal });
    const answer = await readStream(stream, openAnswer(request.model), onText);
    // The client ends an aborted stream as if it were complete.
    signal.throwIfAborted();
    if (answer === null)
      throw new AppError("model_unavailable", `The model at ${new URL(url).origin} stopped in the middle of its answer.`);
    return answer;
  }

  return {
    provider,
    async complete(request, onText = () => {}, halt) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const givenUp = halt === undefined ? leaving : AbortSignal.any([leaving, halt]);
      try {
        return { answer: await ask(request, onText, AbortSignal.any([deadline, givenUp])), isReplayed: false };
      } catch (error) {
        throw failureOf(error, settings, deadline, givenUp);
      }
    },
  };
}
