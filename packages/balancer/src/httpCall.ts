import { errors, type Pool } from "undici";
import type { Outcome } from "./endpointSet.ts";

/**
 * What a service is asked: a path with a JSON body. `isRepeatable` when asking twice does no more than asking once; `timeoutMs` where it may take
 * longer than the policy says.
 */
export interface ServiceCall {
  path: string;
  body: string;
  isRepeatable: boolean;
  timeoutMs?: number | undefined;
}

/** What it answered: any status that is not the balancer's business, with its text. */
export interface ServiceAnswer {
  status: number;
  text: string;
}

/** How one try went. `isUnsent` is certain that the other side saw nothing of it. */
export type Tried =
  | { outcome: Extract<Outcome, "worked" | "overloaded" | "failed">; answer: ServiceAnswer }
  | { outcome: Extract<Outcome, "timed out" | "gone">; isUnsent: boolean; cause: unknown };

/** Errors of a connection that never was. */
const UNSENT = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

const TOO_MANY_REQUESTS = 429;

function outcomeOf(status: number): "worked" | "overloaded" | "failed" {
  if (status === TOO_MANY_REQUESTS) return "overloaded";
  return status >= 500 ? "failed" : "worked";
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Asks one endpoint once, for at most `msMax`. Never throws. */
export async function tryCall(pool: Pool, { path, body }: ServiceCall, msMax: number): Promise<Tried> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), msMax);
  try {
    const answer = await pool.request({
      ...{ method: "POST", path, body, signal: patience.signal },
      headers: { "content-type": "application/json" },
    });
    const text = await answer.body.text();
    return { outcome: outcomeOf(answer.statusCode), answer: { status: answer.statusCode, text } };
  } catch (cause) {
    const isTimeout = patience.signal.aborted || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError;
    if (isTimeout) return { outcome: "timed out", isUnsent: false, cause };
    return { outcome: "gone", isUnsent: UNSENT.has(String(codeOf(cause))), cause };
  } finally {
    clearTimeout(timer);
  }
}

/** What an endpoint's `/metrics` says before `signal`; any answer shows that somebody is there, and undefined that nobody is. */
export async function probe(pool: Pool, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await pool.request({ method: "GET", path: "/metrics", signal });
    const text = await answer.body.text();
    return answer.statusCode === 200 ? text : "";
  } catch {
    return undefined;
  }
}
