import type { LoadConnection, SendOutcome } from "./connection.ts";
import { rejectedSpans } from "./exportResponse.ts";
import type { HttpAnswer } from "./httpAnswer.ts";
import { HttpConnection } from "./httpConnection.ts";

const TRACES_PATH = "/v1/traces";

/** Statuses after which the specification of OTLP/HTTP allows a retry. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Exports to an OTLP/HTTP server (opentelemetry-proto, docs/specification.md), protobuf, uncompressed. */
export function openOtlpHttp(endpoint: URL, headers: Readonly<Record<string, string>>): LoadConnection {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith(TRACES_PATH)) url.pathname = `${url.pathname.replace(/\/$/, "")}${TRACES_PATH}`;
  const connection = new HttpConnection(url, { "content-type": "application/x-protobuf", ...headers });
  return {
    send: (body) => connection.post(body).then(outcomeOf, outcomeOfFailure),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

function outcomeOf({ status, headers, body }: HttpAnswer): SendOutcome {
  if (status >= 200 && status < 300) return { kind: "acknowledged", rejected: rejectedSpans(body) };
  return { kind: "refused", code: String(status), isRetryable: RETRYABLE.has(status), retryAfterMs: retryAfterMs(headers) };
}

/** An export that found no server, or lost it, may be sent again. */
export function outcomeOfFailure(error: Error & { code?: string }): SendOutcome {
  return { kind: "refused", code: error.code ?? error.message, isRetryable: true, retryAfterMs: undefined };
}

/** `Retry-After` as a number of seconds, in milliseconds; its other form, a date, is of no use to a client that retries within seconds. */
export function retryAfterMs(headers: HttpAnswer["headers"]): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds * 1_000;
}
