import type { Acceptance } from "../acceptRequest.ts";
import type { Route } from "../listener.ts";
import { otlpTracesRoute } from "../otlpHttp/index.ts";
import type { BodyBudgets } from "../readBody.ts";

/** The path to which Langfuse's SDKs send traces, below their base URL. */
const TRACES_PATH = "/api/public/otel/v1/traces";

/** Langfuse: OTLP over HTTP at a path of its own. Its keys are sent as Basic auth. */
export function langfuseRoutes(acceptance: Acceptance, budgets: BodyBudgets): Route[] {
  return [otlpTracesRoute(TRACES_PATH, "langfuse", acceptance, budgets)];
}
