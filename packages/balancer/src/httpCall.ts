import { errorCode } from "@signalbox/model";
import { errors, type Pool } from "undici";
import type { Outcome, Probed } from "./outcome.ts";

/**
 * A request to a service: a path with a JSON body. `isRepeatable` when repeating it does no more than doing it once; `timeoutMs`
 * where it may take longer than the policy's limit; once `halt` is aborted its connection is closed, which tells the other side.
 */
export interface ServiceCall {
  path: string;
  body: string;
  isRepeatable: boolean;
  timeoutMs?: number | undefined;
  halt?: AbortSignal | undefined;
}

/** A service's answer: its text, with any status that is not the balancer's business. */
export interface ServiceAnswer {
  status: number;
  text: string;
}

/**
 * The result of one try. `isUnsent`: the other side has certainly seen
 * nothing of it; `isCalledOff`: it was cancelled because its endpoint hangs.
 */
export type Tried =
  | { outcome: Extract<Outcome, "worked" | "overloaded" | "failed">; answer: ServiceAnswer }
  | { outcome: Extract<Outcome, "timed out" | "gone" | "given up">; isUnsent: boolean; isCalledOff: boolean; cause: unknown };

/** Errors of a connection that was never established. */
const UNSENT = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

const TOO_MANY_REQUESTS = 429;

function outcomeOf(status: number): "worked" | "overloaded" | "failed" {
  if (status === TOO_MANY_REQUESTS) return "overloaded";
  return status >= 500 ? "failed" : "worked";
}

/** The abort reason of `patience` when the endpoint hangs. */
export const CALLED_OFF = new Error("the endpoint hangs");

/** Calls one endpoint once, for at most `msMax` and until `patience` is aborted. Never throws. */
export async function tryCall(pool: Pool, { path, body, halt }: ServiceCall, msMax: number, patience: AbortController): Promise<Tried> {
  const timer = setTimeout(() => patience.abort(), msMax);
  const signal = halt === undefined ? patience.signal : AbortSignal.any([patience.signal, halt]);
  try {
    const answer = await pool.request({
      ...{ method: "POST", path, body, signal },
      headers: { "content-type": "application/json" },
    });
    const text = await answer.body.text();
    return { outcome: outcomeOf(answer.statusCode), answer: { status: answer.statusCode, text } };
  } catch (cause) {
    if (halt?.aborted) return { outcome: "given up", isUnsent: false, isCalledOff: false, cause: halt.reason };
    const isTimeout = patience.signal.aborted || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError;
    const isCalledOff = patience.signal.reason === CALLED_OFF;
    if (isTimeout) return { outcome: "timed out", isUnsent: false, isCalledOff, cause };
    return { outcome: "gone", isUnsent: UNSENT.has(errorCode(cause)), isCalledOff: false, cause };
  } finally {
    clearTimeout(timer);
  }
}

/** Probes whether an endpoint is alive (`/healthz`, which costs it nothing), until `signal`. Never throws. */
export async function probe(pool: Pool, signal: AbortSignal): Promise<Probed> {
  try {
    const answer = await pool.request({ method: "GET", path: "/healthz", signal });
    await answer.body.dump();
    return "answered";
  } catch {
    return signal.aborted ? "silent" : "gone";
  }
}

/** The text of an endpoint's `/metrics`; undefined when there is none before `signal`. Never throws. */
export async function readMetrics(pool: Pool, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await pool.request({ method: "GET", path: "/metrics", signal });
    const text = await answer.body.text();
    return answer.statusCode === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
