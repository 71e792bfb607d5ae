import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { whyNotListening } from "@signalbox/listener";
import { isTrustedRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { BODY_BYTES_MAX, isCompression } from "../../decode/index.ts";
import type { Listener } from "../listener.ts";
import { type BodyBudget, readBody } from "../readBody.ts";
import { framed, type GrpcMessage, messageOf, PREFIX_BYTES } from "./grpcMessage.ts";
import { GRPC_CODES, type GrpcCode, statusHeaders } from "./grpcStatus.ts";

/** The result of a call. */
export type GrpcAnswer = { code: typeof GRPC_CODES.ok; answer: Uint8Array } | { code: Exclude<GrpcCode, 0>; message: string };

/** Whether a caller is admitted, and to which project. */
export type GrpcAdmission = { kind: "granted"; project: string } | { kind: "refused"; code: Exclude<GrpcCode, 0>; message: string };

/**
 * One unary method. `admit` is called before anything of the message is read. Errors that it and `call` throw are answered with `INTERNAL`.
 * `unread` is called for a message of a known project that never reached `call`, with the reason; `ended` with the status of each call.
 */
export interface GrpcMethod {
  path: string;
  admit(headers: IncomingHttpHeaders): Promise<GrpcAdmission>;
  call(message: GrpcMessage, project: string): Promise<GrpcAnswer>;
  unread(project: string, reason: "too_large" | "overloaded" | "malformed"): void;
  ended(code: GrpcCode): void;
}

/** Time limit for receiving a call, in milliseconds; slower senders are cut off. */
const CALL_TIMEOUT_MS = 60_000;

/** Flow-control windows of a call and of a connection, in bytes. HTTP/2's default of 64 KiB makes large batches wait. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * STREAM_WINDOW_BYTES;

/** Concurrent calls on one connection; clients queue those beyond it. */
const CALLS_MAX = 1_000;

/**
 * Opens a gRPC listener on 127.0.0.1 (`port` 0 takes a free one). gRPC is HTTP/2 with a prefix before each message and a status after it
 * (gRPC's "PROTOCOL-HTTP2"). Library servers buffer a message whole, and decompress it, before any of our code runs; here its bytes are
 * charged to the budget shared by all listeners while they arrive, and are passed on still compressed.
 */
export async function openGrpcListener(port: number, methods: readonly GrpcMethod[], budget: BodyBudget, log: Logger): Promise<Listener> {
  const server = createServer({ settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: CALLS_MAX } });
  const sessions = new Set<ServerHttp2Session>();
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: unknown) => {
    throw whyNotListening(error, port);
  });
  const ownPort = (server.address() as AddressInfo).port;

  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on("error", (error) => log.debug({ err: error }, "a gRPC connection failed"));
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", (error) => log.debug({ err: error }, "a gRPC call was cut off"));
    serve(stream, headers).catch((error: unknown) => {
      log.error({ err: error, path: headers[":path"] }, "a call failed");
      stream.destroy();
    });
  });

  async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    if (!isGrpc(headers)) {
      stream.respond({ ":status": 415 }, { endStream: true });
      return stream.close(constants.NGHTTP2_NO_ERROR);
    }
    if (!isTrustedRequest({ ...headers, host: headers[":authority"] ?? headers.host }, { ownPort }))
      return answer(stream, {
        code: GRPC_CODES.permissionDenied,
        message: "this listener answers programs on this machine, not web pages",
      });
    const method = methods.find(({ path }) => path === headers[":path"]);
    if (method === undefined) return answer(stream, { code: GRPC_CODES.unimplemented, message: `there is no ${headers[":path"]} here` });

    const cutOff = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), CALL_TIMEOUT_MS);
    stream.on("close", () => clearTimeout(cutOff));
    const outcome = await outcomeOf(stream, headers, method).catch((error: unknown): GrpcAnswer => {
      log.error({ err: error, path: method.path }, "a call failed");
      return { code: GRPC_CODES.internal, message: "something failed on our side; the collector's log has the cause" };
    });
    method.ended(outcome?.code ?? GRPC_CODES.cancelled);
    if (outcome !== null) answer(stream, outcome);
  }

  /** The result of a call; null if the sender hung up. */
  async function outcomeOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, method: GrpcMethod): Promise<GrpcAnswer | null> {
    const admission = await method.admit(headers);
    if (admission.kind === "refused") return admission;
    const compression = String(headers["grpc-encoding"] ?? "identity");
    if (!isCompression(compression))
      return { code: GRPC_CODES.unimplemented, message: "the message encoding is neither identity, gzip nor zstd" };

    using read = await readBody(stream, budget, BODY_BYTES_MAX + PREFIX_BYTES);
    if (read.kind === "aborted") return null;
    if (read.kind !== "body") method.unread(admission.project, read.kind);
    if (read.kind === "too_large")
      return { code: GRPC_CODES.resourceExhausted, message: `the message is larger than ${BODY_BYTES_MAX} bytes` };
    if (read.kind === "overloaded") return { code: GRPC_CODES.unavailable, message: "too many requests are being read" };
    const message = messageOf(read.body, compression);
    if (message.kind === "malformed") {
      // A client that goes away may first end the call in the middle of its message and reset it right after.
      await nextTurn();
      if (stream.closed) return null;
      method.unread(admission.project, message.kind);
      return { code: GRPC_CODES.invalidArgument, message: message.reason };
    }
    return await method.call(message, admission.project);
  }

  return { port: ownPort, close: (graceMs) => closeListener(server, sessions, graceMs) };
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  const [type = ""] = (headers["content-type"] ?? "").split(";", 1);
  return headers[":method"] === "POST" && (type === "application/grpc" || type === "application/grpc+proto");
}

const RESPONSE = { ":status": 200, "content-type": "application/grpc+proto", "grpc-accept-encoding": "identity,gzip,zstd" } as const;

/**
 * Answers a call. The client of a call that was not read to its end is told to stop sending: otherwise its bytes would fill the
 * connection's window.
 */
function answer(stream: ServerHttp2Stream, outcome: GrpcAnswer): void {
  if (stream.destroyed || stream.closed) return;
  if (outcome.code === GRPC_CODES.ok) {
    stream.respond(RESPONSE, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(framed(outcome.answer));
    return;
  }
  stream.respond({ ...RESPONSE, ...statusHeaders(outcome.code, outcome.message) }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Lets running calls finish, for at most `graceMs` milliseconds. */
async function closeListener(server: Http2Server, sessions: ReadonlySet<ServerHttp2Session>, graceMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const session of sessions) session.close();
  const cutOff = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cutOff);
}
