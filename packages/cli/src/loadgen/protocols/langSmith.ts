import { FORM_BOUNDARY } from "../templates/langSmithTemplate.ts";
import type { LoadConnection, SendOutcome } from "./connection.ts";
import type { HttpAnswer } from "./httpAnswer.ts";
import { HttpConnection } from "./httpConnection.ts";
import { outcomeOfFailure, retryAfterMs } from "./otlpHttp.ts";

const RUNS_PATH = "/runs/multipart";

/** Statuses after which LangSmith's JavaScript SDK retries a batch. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Sends runs to a server with LangSmith's API, as its SDK does, uncompressed. */
export function openLangSmith(endpoint: URL, headers: Readonly<Record<string, string>>): LoadConnection {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith(RUNS_PATH)) url.pathname = `${url.pathname.replace(/\/$/, "")}${RUNS_PATH}`;
  const connection = new HttpConnection(url, { "content-type": `multipart/form-data; boundary=${FORM_BOUNDARY}`, ...headers });
  return {
    send: (body) => connection.post(body).then(outcomeOf, outcomeOfFailure),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

function outcomeOf({ status, headers }: HttpAnswer): SendOutcome {
  if (status >= 200 && status < 300) return { kind: "acknowledged", rejected: 0 };
  return { kind: "refused", code: String(status), isRetryable: RETRYABLE.has(status), retryAfterMs: retryAfterMs(headers) };
}
