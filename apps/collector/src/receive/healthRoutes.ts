import type { Registry } from "prom-client";
import type { Route } from "./listener.ts";

/** `/healthz` (alive), `/readyz` (accepts data and can pass it on; else 503 with the reason) and `/metrics` (Prometheus). */
export function healthRoutes(registry: Registry, notReadyBecause: () => string | null): Route[] {
  return [
    jsonRoute("/healthz", () => [200, { alive: true }]),
    jsonRoute("/readyz", () => {
      const reason = notReadyBecause();
      return reason === null ? [200, { ready: true }] : [503, { ready: false, reason }];
    }),
    {
      method: "GET",
      path: "/metrics",
      async handle(_request, response) {
        const text = await registry.metrics();
        response.writeHead(200, { "content-type": registry.contentType }).end(text);
      },
    },
  ];
}

function jsonRoute(path: string, answer: () => [status: number, body: object]): Route {
  return {
    method: "GET",
    path,
    async handle(_request, response) {
      const [status, body] = answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    },
  };
}
