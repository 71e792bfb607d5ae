import type { OutgoingHttpHeaders } from "node:http2";
import protobuf from "protobufjs/minimal.js";

/** The codes of google.rpc.Code that the collector answers with; `cancelled` is never sent, only counted. */
export const GRPC_CODES = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** One of the codes in `GRPC_CODES`. */
export type GrpcCode = (typeof GRPC_CODES)[keyof typeof GRPC_CODES];

/** When a refused sender should retry, in seconds. OTLP clients give up after ten. */
const RETRY_DELAY_S = 1;

/**
 * A status as gRPC headers. `UNAVAILABLE` carries a google.rpc.RetryInfo, which OTLP reads as "slow down" (specification, "OTLP/gRPC
 * Throttling"); `RESOURCE_EXHAUSTED` carries none, and so is final.
 */
export function statusHeaders(code: GrpcCode, message: string): OutgoingHttpHeaders {
  const headers = { "grpc-status": String(code), "grpc-message": percentEncoded(message) };
  if (code !== GRPC_CODES.unavailable) return headers;
  return { ...headers, "grpc-status-details-bin": Buffer.from(retryStatus(code, message)).toString("base64") };
}

/** google.rpc.Status { code = 1, message = 2, details = 3: Any { type_url = 1, value = 2 } } with RetryInfo { retry_delay = 1 }. */
function retryStatus(code: GrpcCode, message: string): Uint8Array {
  const retryInfo = protobuf.Writer.create().uint32(10).fork().uint32(8).int64(RETRY_DELAY_S).ldelim().finish();
  const status = protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message);
  return status
    .uint32(26)
    .fork()
    .uint32(10)
    .string("type.googleapis.com/google.rpc.RetryInfo")
    .uint32(18)
    .bytes(retryInfo)
    .ldelim()
    .finish();
}

/** Encodes text for gRPC over HTTP/2: visible ASCII unchanged, the rest and "%" percent-encoded. */
function percentEncoded(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent);
}
