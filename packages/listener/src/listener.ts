import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, Server } from "node:net";
import { setTimeout as delay, setImmediate as nextRound } from "node:timers/promises";
import { AppError, errorCode, isTrustedRequest } from "@signalbox/model";
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from "fastify";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Certificate } from "./certificate.ts";
import { errorAnswer } from "./errorAnswer.ts";
import { sparingWarning } from "./sparingWarning.ts";

/** The default address of a listener, which only this machine can reach. */
const LOOPBACK_ADDRESS = "127.0.0.1";

/** The status of a temporary failure such as an unavailable store, which every request would meet. */
const UNAVAILABLE = 503;

/** The time, in milliseconds, within which an active client sends its next request over an open connection. */
const LAST_ASK_MS = 3_000;

/**
 * Options of a listener. It is on loopback unless an `address` is given, where any host name may lead to it: in a container,
 * whose network decides who reaches it. `port` 0 takes a free one; with `isPortShared` other processes may listen on it too,
 * and the system spreads connections over them; for `drainMs` after it is asked to close it still answers, reports that it is
 * not ready and ends connections one by one, so that no request meets an unexpected end; pages served on `originPorts` may call
 * it; a link on any site may lead a person to the paths for which `isPage` holds (none by default); `noPage` tells a person
 * that there is nothing at a malformed URL, for which programs get an error; `isReady` answers `/readyz`; `beforeMetrics`
 * throws for requests that may not read `/metrics` (by default anybody may); with a `certificate` it speaks TLS only.
 */
export type ListenerOptions = {
  port: number;
  address?: string | undefined;
  isPortShared?: boolean;
  drainMs?: number;
  certificate?: Certificate | undefined;
  originPorts?: readonly number[];
  isPage?: (url: string) => boolean;
  noPage?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  bodyMaxBytes: number;
  log: Logger;
  metrics: Registry;
  isReady: () => Promise<boolean>;
  beforeMetrics?: (request: FastifyRequest) => Promise<void>;
  routes?: (app: FastifyInstance) => void;
};

/** An open listener. `close` waits for the requests it is answering. */
export type Listener = { port: number; url: string; close: () => Promise<void> };

/** A readable error for a port that cannot be opened; an error of another kind is returned unchanged. */
export function whyNotListening(error: unknown, port: number): unknown {
  const code = errorCode(error);
  if (code === "EADDRINUSE")
    return new AppError("infrastructure", `Port ${port} is taken by another program.`, {
      cause: error,
      hint: "Stop that program, or move all ports with SIGNALBOX_PORT_OFFSET.",
    });
  if (code === "EACCES")
    return new AppError("infrastructure", `Port ${port} may not be opened by this user.`, {
      cause: error,
      hint: "Move all ports with SIGNALBOX_PORT_OFFSET.",
    });
  return error;
}

/**
 * Leaves a shared port to the other processes. Connections that the system has accepted for this process are reset
 * with its socket, so this runs right after a round of accepting. Open connections stay: ending one while it is
 * idle might meet a request on its way; it ends with its next answer instead, or when it has been idle for a while.
 */
async function stopAccepting(server: Server): Promise<void> {
  await nextRound();
  const ended = new Promise<void>((resolve) => Server.prototype.close.call(server, () => resolve()));
  await Promise.race([ended, delay(LAST_ASK_MS, undefined, { ref: false })]);
}

/**
 * Opens an HTTP listener with `/healthz` (alive), `/readyz` (working), `/metrics` (Prometheus) and the given routes.
 * Every request passes the Host and Origin check first; every error is sent as `{ error: { code, message, hint } }`.
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { address = LOOPBACK_ADDRESS } = options;
  let ownPort = options.port;
  const isPage = ({ method, url }: FastifyRequest): boolean => method === "GET" && options.isPage?.(url) === true;
  const whyRefused = (request: FastifyRequest, isForPeople: boolean): AppError | undefined => {
    const isAnyHost = address !== LOOPBACK_ADDRESS;
    const listener = { ownPort, originPorts: options.originPorts ?? [], isPage: isForPeople, isAnyHost };
    if (isTrustedRequest(request.headers, listener)) return undefined;
    return new AppError("forbidden", "This listener answers programs on this machine and the console, not other web pages.");
  };
  const warn = sparingWarning(options.log);
  const answerError = (error: unknown, reply: FastifyReply): FastifyReply => {
    const { status, headers, body } = errorAnswer(error);
    if (status === UNAVAILABLE && error instanceof Error) warn(error);
    else if (status >= 500) options.log.error({ err: error }, "a request failed");
    return reply.status(status).headers(headers).send(body);
  };

  const app: FastifyInstance = fastify({
    ...(options.certificate === undefined ? {} : { https: options.certificate }),
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyMaxBytes,
    // While it closes, requests over open connections are still answered, with a note that the connection ends.
    return503OnClosing: false,
    // A malformed URL is answered before any hook runs.
    frameworkErrors: (error, request, reply) => {
      const isForPeople = request.method === "GET" && request.headers.accept?.includes("text/html") === true;
      const noPage = isForPeople ? options.noPage : undefined;
      const refusal = whyRefused(request, noPage !== undefined);
      if (refusal !== undefined || noPage === undefined) return answerError(refusal ?? error, reply);
      reply.hijack();
      noPage(request.raw, reply.raw).catch((err: unknown) => {
        options.log.error({ err }, "a request failed");
        reply.raw.destroy();
      });
    },
  });
  let isDraining = false;
  app.addHook("onSend", async (_request, reply) => {
    if (isDraining) reply.header("connection", "close");
  });
  app.addHook("onRequest", async (request) => {
    const refusal = whyRefused(request, isPage(request));
    if (refusal !== undefined) throw refusal;
  });
  app.setErrorHandler((error, _request, reply) => answerError(error, reply));
  app.setNotFoundHandler((request) => {
    throw new AppError("not_found", `There is no ${request.method} ${request.url} here.`);
  });

  app.get("/healthz", async () => ({ alive: true }));
  app.get("/readyz", async (_request, reply) => {
    const ready = !isDraining && (await options.isReady());
    return reply.status(ready ? 200 : 503).send({ ready });
  });
  app.get("/metrics", async (request, reply) => {
    await options.beforeMetrics?.(request);
    return reply.type(options.metrics.contentType).send(await options.metrics.metrics());
  });
  options.routes?.(app);

  // Fastify passes its options on; that a port may be shared is newer than its types.
  const at = { host: address, port: options.port, reusePort: options.isPortShared ?? false };
  await app.listen(at).catch((error: unknown) => {
    throw whyNotListening(error, options.port);
  });
  ownPort = (app.server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    isDraining = true;
    await delay(options.drainMs ?? 0);
    if (options.isPortShared) await stopAccepting(app.server);
    await app.close();
  };
  return { port: ownPort, url: `${options.certificate === undefined ? "http" : "https"}://127.0.0.1:${ownPort}`, close };
}
