import { AppError } from "@signalbox/model";
import { Client } from "langsmith";

/** So many requests at once; one that may succeed later is sent again so often, ever more slowly: some ten seconds in all. */
const CALLS = { maxConcurrency: 8, maxRetries: 4 } as const;

/** LangSmith's own client, which sends each thing at once and says whether it arrived. */
export function openLangSmith(url: string, key: string | undefined): Client {
  return new Client({
    apiUrl: url,
    ...(key ? { apiKey: key } : {}),
    ...{ autoBatchTracing: false, omitTracedRuntimeInfo: true, tracingSamplingRate: 1, callerOptions: CALLS },
  });
}

const statusOf = (error: unknown): unknown => (typeof error === "object" && error !== null && "status" in error ? error.status : undefined);

/** That something of the same id or name is there already. */
export const isTaken = (error: unknown): boolean => statusOf(error) === 409;

const EXCERPT_CHARACTERS = 300;

/** A refusal, or an endpoint that is away, in our words. */
export function langSmithFailure(error: unknown, url: string): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  const options = { cause: error, hint: "What arrived stays: the same command goes on where this one stopped." };
  const said = error instanceof Error ? error.message.slice(0, EXCERPT_CHARACTERS) : String(error);
  if (status === 401 || status === 403)
    return new AppError("unauthenticated", `LangSmith at ${url} does not let us in with the key of LANGSMITH_API_KEY: ${said}`, options);
  if (typeof status !== "number") return new AppError("upstream_unavailable", `LangSmith at ${url} does not answer: ${said}`, options);
  const mayPass = status >= 500 || status === 429;
  return new AppError(mayPass ? "upstream_unavailable" : "bad_answer", `LangSmith at ${url} answered ${status}: ${said}`, options);
}
