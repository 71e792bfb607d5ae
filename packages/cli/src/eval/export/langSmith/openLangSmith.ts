import { AppError, type EvalRun } from "@signalbox/model";
import { Client } from "langsmith";
import { ZodError } from "zod";

/** The most concurrent requests, and the number of retries with growing pauses: some ten seconds in all. */
const CALLS = { maxConcurrency: 8, maxRetries: 4 } as const;

/** An interrupted request is not retried: the client recognises that by the error's first word. */
function fetchUntil(signal: AbortSignal | undefined): typeof fetch {
  return async (input, init) => {
    const both = AbortSignal.any([init?.signal, signal].filter((one) => one != null));
    try {
      return await fetch(input, { ...init, signal: both });
    } catch (error) {
      if (signal?.aborted) throw new AppError("infrastructure", "Cancelled: the export was interrupted.");
      throw error;
    }
  };
}

/** LangSmith's own client, which sends each thing at once and reports whether it arrived, until `signal` ends it. */
export function openLangSmith(url: string, key: string | undefined, signal?: AbortSignal): Client {
  return new Client({
    apiUrl: url,
    ...(key ? { apiKey: key } : {}),
    fetchImplementation: fetchUntil(signal),
    ...{ autoBatchTracing: false, omitTracedRuntimeInfo: true, tracingSamplingRate: 1, callerOptions: CALLS },
  });
}

const statusOf = (error: unknown): unknown => (typeof error === "object" && error !== null && "status" in error ? error.status : undefined);

/** Whether LangSmith answers that something with the same id or name already exists. */
export const isTaken = (error: unknown): boolean => statusOf(error) === 409;

const EXCERPT_CHARACTERS = 300;

/**
 * The error for a refusal, an unavailable endpoint, or a foreign answer, with
 * the command that resumes the export, which repeats no asking or judging.
 */
export function langSmithFailure(error: unknown, url: string, { id, project }: Pick<EvalRun, "id" | "project">): AppError {
  const status = statusOf(error);
  const command = `./signalbox eval export ${id} --to langsmith${project === "default" ? "" : ` --project ${project}`}`;
  const options = { cause: error, hint: `The run is whole, and what arrived stays: ${command} goes on.` };
  if (error instanceof AppError) return error.hint === undefined ? new AppError(error.code, error.message, options) : error;
  const said = error instanceof Error ? error.message.slice(0, EXCERPT_CHARACTERS) : String(error);
  if (status === 401 || status === 403)
    return new AppError("unauthenticated", `LangSmith at ${url} does not let us in with the key of LANGSMITH_API_KEY: ${said}`, options);
  if (error instanceof SyntaxError || error instanceof ZodError)
    return new AppError("bad_answer", `What answers at ${url} is not LangSmith: ${said}`, options);
  if (typeof status !== "number") return new AppError("upstream_unavailable", `LangSmith at ${url} does not answer: ${said}`, options);
  const mayPass = status >= 500 || status === 429;
  return new AppError(mayPass ? "upstream_unavailable" : "bad_answer", `LangSmith at ${url} answered ${status}: ${said}`, options);
}
