import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { type Listener, openListener } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import next from "next";
import type { Logger } from "pino";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

const WEB_ROOT = join(import.meta.dirname, "../..");

/** The largest request in bytes: an uploaded file has up to 8 Mi characters, in UTF-8 and inside JSON. */
const BODY_MAX_BYTES = 32 * 1024 * 1024;

/**
 * Opens the built console on loopback. The listener checks Host and Origin and serves health and metrics; everything else is Next's. `port`
 * 0 takes a free one. Throws an `AppError` if the console is not built or the port is taken.
 */
export async function openConsole({
  port,
  log,
  isReady,
}: {
  port: number;
  log: Logger;
  isReady: () => Promise<boolean>;
}): Promise<Listener> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const requestSeconds = new Histogram({
    name: "signalbox_console_request_seconds",
    help: "Time to answer a request, by what was asked for.",
    labelNames: ["route", "status"],
    registers: [metrics],
  });

  const app = next({ dir: WEB_ROOT, dev: false, hostname: "127.0.0.1", port });
  await app.prepare().catch((cause: unknown) => {
    throw new AppError("infrastructure", "The console cannot start from its build.", {
      cause,
      hint: "Build it: npm run build -w @signalbox/web",
    });
  });
  const handle = app.getRequestHandler();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const observe = requestSeconds.startTimer({ route: routeOf(request.url ?? "") });
    response.once("close", () => observe({ status: response.statusCode }));
    await handle(request, response);
  };

  const listener = await openListener({
    port,
    isPage,
    noPage: (request, response) => serve(Object.assign(request, { url: NOT_FOUND_PATH }), response),
    bodyMaxBytes: BODY_MAX_BYTES,
    log,
    metrics,
    isReady,
    routes: (server) => {
      // Next parses the body itself.
      server.removeAllContentTypeParsers();
      server.addContentTypeParser("*", (_request, _payload, done) => done(null));
      server.all("/*", async (request, reply) => {
        requireBoundedBody(request.headers);
        reply.hijack();
        await serve(request.raw, reply.raw);
      });
    },
  });
  return {
    ...listener,
    async close() {
      await listener.close();
      await app.close();
    },
  };
}

/** Refuses a body over the limit, and one whose length nobody tells before it is read: Next reads whatever comes into memory. */
function requireBoundedBody(headers: IncomingHttpHeaders): void {
  const isOver = Number(headers["content-length"] ?? 0) > BODY_MAX_BYTES;
  if (isOver) throw new AppError("too_large", `A request to the console has at most ${BODY_MAX_BYTES} bytes.`);
  if (headers["transfer-encoding"] !== undefined)
    throw new AppError("invalid_input", "A request to the console tells its length.", {
      hint: "Send it with Content-Length, not in chunks.",
    });
}

/** The path at which Next serves `app/not-found.tsx`. */
const NOT_FOUND_PATH = "/_not-found";

/** A screen's path: plain words only, so that no alternative spelling of an API path passes for one. */
const SCREEN_PATH = /^\/([a-z]+(\/[\w-]+)*)?$/;

/** The path of a session's or user's page: one segment as written by `encodeURIComponent`, since ids may have any characters. */
const OWNER_PATH = /^\/(sessions|users)\/([\w.~!'()*-]|%[0-9A-F]{2})+$/;

/** Paths of the same form that belong to APIs. */
const PROGRAM_PATH = /^\/(api|healthz|readyz|metrics)(\/|$)/;

/** Whether a URL leads to a screen, to which any site may link. */
function isPage(url: string): boolean {
  const [path = ""] = url.split("?");
  return OWNER_PATH.test(path) || (SCREEN_PATH.test(path) && !PROGRAM_PATH.test(path));
}

/** The kind of a path, so that the metric has few series. */
function routeOf(url: string): "api" | "asset" | "page" {
  if (url.startsWith("/api/")) return "api";
  return url.startsWith("/_next/") ? "asset" : "page";
}
