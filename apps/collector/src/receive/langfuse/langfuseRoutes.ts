import type { Route } from "../listener.ts";

/** Where Langfuse's SDKs send traces, below the base URL that they are given. */
const TRACES_PATH = "/api/public/otel/v1/traces";

/** Langfuse: OTLP over HTTP at a path of its own. Its keys come as Basic auth. */
export function langfuseRoutes(otlpRoutes: readonly Route[]): Route[] {
  return otlpRoutes.filter(({ path }) => path === "/v1/traces").map((route) => ({ ...route, path: TRACES_PATH }));
}
