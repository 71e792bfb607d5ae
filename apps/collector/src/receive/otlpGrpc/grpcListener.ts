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

/** What a call came to. */
export type GrpcAnswer = { code: typeof GRPC_CODES.ok; answer: Uint8Array } | { code: Exclude<GrpcCode, 0>; message: string };

/** Whether a caller may call, and for which project. */
export type GrpcAdmission = { kind: "granted"; project: string } | { kind: "refused"; code: Exclude<GrpcCode, 0>; message: string };

/**
 * One unary method. `admit` is asked before anything of the message is read. What it and `call` throw is answered with `INTERNAL`; `unread`
 * hears of a project's message that `call` was not shown, and why, `ended` how each call ended.
 */
export interface GrpcMethod {
  path: string;
  admit(headers: IncomingHttpHeaders): Promise<GrpcAdmission>;
  call(message: GrpcMessage, project: string): Promise<GrpcAnswer>;
  unread(project: string, reason: "too_large" | "overloaded" | "malformed"): void;
  ended(code: GrpcCode): void;
}

/** A sender that needs longer for a call than this is cut off, in milliseconds. */
const CALL_TIMEOUT_MS = 60_000;

/** How much of one call, and of one connection, may be on its way unread, in bytes. HTTP/2's own 64 KiB make large batches wait. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * STREAM_WINDOW_BYTES;

/** Calls at once on one connection; clients keep those beyond it waiting. */
const CALLS_MAX = 1_000;

/**
 * Opens a gRPC listener on 127.0.0.1 (`port` 0 takes a free one). It is HTTP/2 with a prefix before each message and a status behind it
 * (gRPC's "PROTOCOL-HTTP2"). The servers of libraries hold a message whole, and decompress it, before they ask anybody: here its bytes
 * come out of the budget that all listeners share while they arrive, and go on compressed as they came.
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

  /** Null when the sender hung up. */
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
      // Who goes away may end the call first, in the middle of its message, and reset it right behind.
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

/** Answers a call. A call that was not read to its end is told to stop sending: what it still sends would fill the connection's window. */
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

/** Lets the calls that are under way finish, for at most `graceMs`. */
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
