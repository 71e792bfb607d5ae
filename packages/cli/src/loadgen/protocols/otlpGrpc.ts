import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import protobuf from "protobufjs/minimal.js";
import type { LoadConnection, SendOutcome } from "./connection.ts";
import { rejectedSpans } from "./exportResponse.ts";

const EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** The time limit of an answer; SDKs wait as long. */
const ANSWER_MS_MAX = 10_000;

/** Codes after which the specification of OTLP/gRPC allows a retry; RESOURCE_EXHAUSTED only if the server says when. */
const RETRYABLE: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** Exports to an OTLP/gRPC server (opentelemetry-proto, docs/specification.md), uncompressed. The bytes are an encoded request already. */
export function openOtlpGrpc(endpoint: URL, headers: Readonly<Record<string, string>>): LoadConnection {
  const secrets = endpoint.protocol === "https:" ? credentials.createSsl() : credentials.createInsecure();
  // Without a pool of its own, all clients of a process would share one connection.
  const client = new Client(endpoint.host, secrets, { "grpc.use_local_subchannel_pool": 1, "grpc.max_send_message_length": -1 });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const asItIs = (bytes: Buffer): Buffer => bytes;
  return {
    send: (body) =>
      new Promise((resolve) => {
        client.makeUnaryRequest(EXPORT, asItIs, asItIs, body, metadata, { deadline: Date.now() + ANSWER_MS_MAX }, (error, answer) =>
          resolve(error === null ? { kind: "acknowledged", rejected: rejectedSpans(answer ?? Buffer.alloc(0)) } : outcomeOfFailure(error)),
        );
      }),
    [Symbol.dispose]: () => client.close(),
  };
}

function outcomeOfFailure({ code, metadata }: ServiceError): SendOutcome {
  const [details] = metadata?.get("grpc-status-details-bin") ?? [];
  const retryAfterMs = Buffer.isBuffer(details) ? retryDelayMs(details) : undefined;
  const isRetryable = RETRYABLE.has(code) || (code === status.RESOURCE_EXHAUSTED && retryAfterMs !== undefined);
  return { kind: "refused", code: status[code] ?? String(code), isRetryable, retryAfterMs };
}

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/** The delay of the google.rpc.RetryInfo among the details (3) of a google.rpc.Status; undefined where there is none. */
export function retryDelayMs(status: Buffer): number | undefined {
  for (const detail of fieldsOf(status, 3)) {
    const [type] = fieldsOf(detail, 1);
    const [retryInfo] = fieldsOf(detail, 2);
    if (type?.toString() !== RETRY_INFO || retryInfo === undefined) continue;
    const [duration] = fieldsOf(retryInfo, 1);
    if (duration !== undefined) return durationMs(duration);
  }
  return undefined;
}

/** google.protobuf.Duration: seconds (1) and nanos (2). */
function durationMs(duration: Buffer): number {
  const reader = protobuf.Reader.create(duration);
  let ms = 0;
  while (reader.pos < reader.len) {
    const field = reader.uint32() >>> 3;
    const value = Number(reader.int64());
    ms += field === 1 ? value * 1_000 : value / 1_000_000;
  }
  return ms;
}

/** The values of a message's length-delimited field. */
function fieldsOf(message: Buffer, field: number): Buffer[] {
  const reader = protobuf.Reader.create(message);
  const found: Buffer[] = [];
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (key === ((field << 3) | 2)) found.push(Buffer.from(reader.bytes()));
    else reader.skipType(key & 7);
  }
  return found;
}
