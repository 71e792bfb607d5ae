import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { whyNotListening } from "@signalbox/listener";
import { AppError, isTrustedRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { answerStatus } from "./statusAnswer.ts";
import type { TlsIdentity } from "./tls/index.ts";

/**
 * One method of a path, or of all paths that match a pattern. An error that `handle` throws is answered with 500, or with 503 if it will
 * pass (`upstream_unavailable`).
 */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string | RegExp;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** An open listener. `close` lets running requests finish, for at most `graceMs` milliseconds. */
export interface Listener {
  port: number;
  close(graceMs: number): Promise<void>;
}

/** Time limit for receiving a request, in milliseconds; slower senders are cut off. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Longer than SDKs keep an idle connection, so that they close it first and never write into a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** A request's path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

/**
 * Opens a listener on 127.0.0.1 (`port` 0 takes a free one), with TLS if an identity is given. Every request passes the Host and Origin
 * check before anything of it is read.
 */
export async function openListener(port: number, routes: readonly Route[], log: Logger, tls?: TlsIdentity): Promise<Listener> {
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
  const server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls });
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: unknown) => {
    throw whyNotListening(error, port);
  });
  const ownPort = (server.address() as AddressInfo).port;

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (!isTrustedRequest(request.headers, { ownPort }))
      return answerStatus(request, response, 403, "this listener answers programs on this machine, not web pages");
    const path = pathOf(request);
    const here = routes.filter((route) => (typeof route.path === "string" ? route.path === path : route.path.test(path)));
    const route = here.find(({ method }) => method === request.method);
    if (here.length === 0) return answerStatus(request, response, 404, `there is no ${path} here`);
    if (route === undefined) {
      response.setHeader("allow", here.map(({ method }) => method).join(", "));
      return answerStatus(request, response, 405, `${path} is not for ${request.method}`);
    }
    route.handle(request, response).catch((error: unknown) => {
      log.error({ err: error, path }, "a request failed");
      if (response.headersSent) response.destroy();
      else if (error instanceof AppError && error.code === "upstream_unavailable") answerStatus(request, response, 503, error.message);
      else answerStatus(request, response, 500, "something failed on our side; the collector's log has the cause");
    });
  });

  return {
    port: ownPort,
    async close(graceMs) {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}
