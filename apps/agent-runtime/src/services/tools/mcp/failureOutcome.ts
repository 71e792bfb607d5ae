import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { OutsideOutcome } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import { cut } from "./resultText.ts";

/** How much of an error's message is logged. */
const MESSAGE_CHARACTERS_MAX = 1_000;

/** An error as it may be logged: a server's whole page may be its message. */
export function loggable(error: unknown): unknown {
  if (!(error instanceof Error) || error.message.length <= MESSAGE_CHARACTERS_MAX) return error;
  return new Error(`${error.name}: ${cut(error.message, MESSAGE_CHARACTERS_MAX)}`);
}

/** A refusal that a retry may pass. */
export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError("upstream_unavailable", message, cause === undefined ? {} : { cause: loggable(cause) });
}

/** An answer that says why there is no result, cut like a result: the reason may be the server's own words. */
export function errorAnswer(reason: string): OutsideOutcome {
  return { kind: "answered", answer: { output: `Error: ${cut(reason.toWellFormed())}`, isError: true, endsEpisode: false } };
}

/** Codes of a connection that was never made. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

function causeCodeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

/**
 * What became of a call that failed: `outcome` as far as anybody can know it, and whether the connection is of use any more. What the server itself says is an answer; so is
 * that it took too long. A request that never reached it was not sent.
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
  if (error instanceof StreamableHTTPError && error.code !== undefined && error.code >= 400 && error.code < 500)
    return {
      outcome: { kind: "not_sent", why: unavailable(`The MCP server ${server} answered ${error.code}.`, error) },
      isConnected: false,
    };
  if (NEVER_CONNECTED.has(String(causeCodeOf(error))))
    return { outcome: { kind: "not_sent", why: unavailable(`The MCP server ${server} does not answer.`, error) }, isConnected: false };
  const why = unavailable(`The MCP server ${server} was gone before it answered ${tool}.`, error);
  return { outcome: { kind: "unknown", why }, isConnected: false };
}
