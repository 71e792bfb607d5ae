import type { IncomingMessage, ServerResponse } from "node:http";
import { NO_ACCESS_STATUSES, type NoAccess } from "@signalbox/listener";
import protobuf from "protobufjs/minimal.js";
import type { Encoding } from "../decode/index.ts";

/** The HTTP statuses of refusals, with the google.rpc.Code of each. */
const RPC_CODES = { 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 409: 6, 413: 8, 415: 3, 429: 8, 500: 13, 503: 14 } as const;

/** One of the HTTP statuses in `RPC_CODES`. */
export type RefusalStatus = keyof typeof RPC_CODES;

export function isRefusalStatus(status: number): status is RefusalStatus {
  return status in RPC_CODES;
}

/** When a refused sender should retry by default, in seconds. OTLP clients give up after ten. */
export const RETRY_AFTER_S = 1;

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = { protobuf: "application/x-protobuf", json: "application/json" };

/** The encoding of the request's body, by its content type; null for an unsupported type. */
export function encodingOf(request: IncomingMessage): Encoding | null {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";", 1);
  const mediaType = type.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.protobuf) return "protobuf";
  return mediaType === MEDIA_TYPES.json ? "json" : null;
}

/** Refuses a request with a google.rpc.Status in the request's own encoding (JSON if that is unknown). */
export function answerStatus(
  request: IncomingMessage,
  response: ServerResponse,
  status: RefusalStatus,
  message: string,
  retryAfterS = RETRY_AFTER_S,
): void {
  const encoding = encodingOf(request) ?? "json";
  const code = RPC_CODES[status];
  if (status === 503 || status === 429) response.setHeader("retry-after", retryAfterS);
  if (status === 401) response.setHeader("www-authenticate", 'Bearer realm="signalbox"');
  const body = encoding === "json" ? JSON.stringify({ code, message }) : statusProtobuf(code, message);
  response.writeHead(status, { "content-type": MEDIA_TYPES[encoding] }).end(body);
}

/** Refuses a request without sufficient access. */
export function answerNoAccess(request: IncomingMessage, response: ServerResponse, access: NoAccess): void {
  answerStatus(request, response, NO_ACCESS_STATUSES[access.kind], access.message, retryAfterSOf(access));
}

/** When a sender that may not send now should retry, in seconds. */
export function retryAfterSOf(access: NoAccess): number {
  return access.kind === "rate_limited" ? Math.ceil(access.retryAfterMs / 1_000) : RETRY_AFTER_S;
}

function statusProtobuf(code: number, message: string): Uint8Array {
  return protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message).finish();
}
