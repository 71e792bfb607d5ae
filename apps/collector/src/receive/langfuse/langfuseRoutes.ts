import type { Acceptance } from "../acceptRequest.ts";
import type { Route } from "../listener.ts";
import { otlpTracesRoute } from "../otlpHttp/index.ts";
import type { BodyBudgets } from "../readBody.ts";

/** Where Langfuse's SDKs send traces, below the base URL that they are given. */
const TRACES_PATH = "/api/public/otel/v1/traces";

/** Langfuse: OTLP over HTTP at a path of its own. Its keys come as Basic auth. */
export function langfuseRoutes(acceptance: Acceptance, budgets: BodyBudgets): Route[] {
  return [otlpTracesRoute(TRACES_PATH, "langfuse", acceptance, budgets)];
}
