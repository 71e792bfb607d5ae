import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError, isTrustedRequest } from "@signalbox/model";
import { EngineError, httpStatusOf } from "../engine/engineError.ts";
import { answerQuery, type QueryParts } from "./answerQuery.ts";
import { type Credentials, requireCredentials } from "./credentialsCheck.ts";

/** The parts of the HTTP interface. `port` 0 takes a free one. `onAnswer` is called for every query that was answered. */
export type HttpInterfaceOptions = QueryParts & {
  port: number;
  credentials: Credentials;
  version: string;
  metrics: () => Promise<{ contentType: string; text: string }>;
  onAnswer: (answer: { status: number; error: EngineError | undefined }) => void;
};

const KEEP_ALIVE_SECONDS = 10;

/** Opens ClickHouse's HTTP interface on 127.0.0.1. Throws an `infrastructure` error when the port is taken. */
export async function openHttpInterface(options: HttpInterfaceOptions): Promise<{ port: number; close: () => Promise<void> }> {
  let ownPort = options.port;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_SECONDS * 1_000, requestTimeout: 0, maxHeaderSize: 1024 * 1024 },
    (request, response) => answer(options, ownPort, request, response),
  );
  await listen(server, options.port);
  ownPort = (server.address() as AddressInfo).port;
  return {
    port: ownPort,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new AppError("infrastructure", `Port ${port}, where the telemetry store listens, is taken by another program.`, {
              cause,
              hint: "Stop that program, or move all ports with SIGNALBOX_PORT_OFFSET.",
            })
          : cause,
      ),
    );
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
}

async function answer(options: HttpInterfaceOptions, ownPort: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const head = {
    "X-ClickHouse-Server-Display-Name": "signalbox",
    "X-ClickHouse-Timezone": "UTC",
    "Keep-Alive": `timeout=${KEEP_ALIVE_SECONDS}`,
  };
  // Writing to a disconnected client is not an error of ours.
  response.on("error", () => undefined);
  try {
    if (!isTrustedRequest(request.headers, { ownPort }))
      throw EngineError.own("ACCESS_DENIED", "This listener answers programs on this machine, not web pages");
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${ownPort}`);
    if (await answerStatus(options, request, response, url)) return;
    requireCredentials(request, url, options.credentials);
    await answerQuery(options, request, response, url, head);
    options.onAnswer({ status: 200, error: undefined });
  } catch (cause) {
    const error = EngineError.from(cause);
    const status = httpStatusOf(error.code);
    sendError(response, head, status, `${error.message} (version ${options.version} (official build))\n`, error.code);
    options.onAnswer({ status, error });
    request.resume();
  }
}

/** Answers the status paths, which need no password. */
async function answerStatus(options: HttpInterfaceOptions, request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
  const send = (text: string, status = 200, contentType = "text/plain; charset=UTF-8"): true => {
    response.writeHead(status, { "Content-Type": contentType }).end(text);
    return true;
  };
  if (["/ping", "/replicas_status", "/healthz", "/readyz"].includes(url.pathname)) return send("Ok.\n");
  if (url.pathname === "/metrics") {
    const { contentType, text } = await options.metrics();
    return send(text, 200, contentType);
  }
  if (url.pathname !== "/")
    return send(
      `There is no handle ${url.pathname}\n\nUse / or /ping for health checks.\nOr /replicas_status for more sophisticated health checks.\nSend queries from your program with POST method or GET /?query=...\n`,
      404,
    );
  if ((request.method === "GET" || request.method === "HEAD") && !url.searchParams.has("query")) return send("Ok.\n");
  return false;
}

function sendError(response: ServerResponse, head: Record<string, string>, status: number, text: string, code: number): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, {
      ...head,
      "Content-Type": "text/plain; charset=UTF-8",
      "X-ClickHouse-Exception-Code": String(code),
      ...(status === 401 ? { "WWW-Authenticate": 'Basic realm="ClickHouse server HTTP API"' } : {}),
    })
    .end(text);
}
