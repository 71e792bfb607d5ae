import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { OutsideOutcome } from "@signalbox/db/prisma";
import { AppError, storableText } from "@signalbox/model";
import { cut } from "./resultText.ts";

/** How much of an error's message is logged, in characters. */
const MESSAGE_CHARACTERS_MAX = 1_000;

/** An error fit for the log: its message may be a server's whole error page. */
export function loggable(error: unknown): unknown {
  if (!(error instanceof Error) || error.message.length <= MESSAGE_CHARACTERS_MAX) return error;
  return new Error(`${error.name}: ${cut(error.message, MESSAGE_CHARACTERS_MAX)}`);
}

/** An error that may pass on a retry. */
export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError("upstream_unavailable", message, cause === undefined ? {} : { cause: loggable(cause) });
}

/** An answer with an error in place of a result, cut like a result: the reason may be the server's own words. */
export function errorAnswer(reason: string): OutsideOutcome {
  return { kind: "answered", answer: { output: `Error: ${cut(storableText(reason))}`, isError: true, endsEpisode: false } };
}

/** Error codes of a connection that was never established. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** Whether a request failed before there was a connection to send it on, including when none of several addresses could be reached. */
function wasNeverConnected(error: unknown): boolean {
  const cause: (Error & { code?: unknown; syscall?: unknown }) | null =
    error instanceof Error && error.cause instanceof Error ? error.cause : null;
  return cause instanceof AggregateError || cause?.syscall === "connect" || NEVER_CONNECTED.has(String(cause?.code));
}

/**
 * Whether an HTTP status means that the request was not carried out: refused (4xx) or not accepted for now (503; RFC 9110 §15.5, §15.6.4).
 * After any other failure this is unknown.
 */
const saysNotDone = (status: number): boolean => (status >= 400 && status < 500) || status === 503;

/** Statuses by which a server says that it does not know our session: 404 by the protocol, and 400 from many that were restarted. */
const SESSION_GONE = new Set([400, 404]);

/**
 * The outcome of a failed call, as far as it can be known, and whether the connection is still usable. An error from the server itself is
 * an answer, and so is a timeout. A request that never reached the server was not sent. A connection is given up only for good reason,
 * since every other call on it would be lost.
 */
export function failureOutcome(
  error: unknown,
  call: { tool: string; server: string; timeoutMs: number; isRepeatable: boolean },
): { outcome: OutsideOutcome; isConnected: boolean } {
  const { tool, server, timeoutMs, isRepeatable } = call;
  if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) {
    const doubt = isRepeatable ? "" : " Nobody knows whether it was done, and it is not tried again.";
    return { outcome: errorAnswer(`${tool} did not answer within ${timeoutMs} ms.${doubt}`), isConnected: true };
  }
  if (error instanceof McpError && error.code !== ErrorCode.ConnectionClosed)
    return { outcome: errorAnswer(error.message), isConnected: true };
  if (error instanceof StreamableHTTPError && error.code !== undefined && saysNotDone(error.code))
    return {
      outcome: { kind: "not_sent", why: unavailable(`The MCP server ${server} answered ${error.code}.`, error) },
      isConnected: !SESSION_GONE.has(error.code),
    };
  if (wasNeverConnected(error))
    return { outcome: { kind: "not_sent", why: unavailable(`The MCP server ${server} does not answer.`, error) }, isConnected: false };
  // A program that dies closes its connection; over HTTP, one request may fail alone, and the next one shows whether the server is there.
  const isClosed = error instanceof McpError;
  const said = error instanceof StreamableHTTPError && (error.code ?? 0) >= 500 ? `answered ${error.code} to` : "gave no answer to";
  const why = unavailable(`The MCP server ${server} ${said} ${tool}.`, error);
  return { outcome: { kind: "unknown", why }, isConnected: !isClosed };
}
