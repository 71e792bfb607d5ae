import { BODY_BYTES_MAX } from "../../../decode/index.ts";
import type { Route } from "../../listener.ts";
import { listExamples, readExample, writeExamples } from "./examples.ts";
import { type Gate, type Handler, jsonRoute } from "./jsonRoute.ts";
import { changeNamed, createNamed, DATASETS, listNamed, readNamed, SESSIONS } from "./named.ts";
import type { Workspace } from "./workspaceObjects.ts";

export { noWorkspace } from "./noWorkspace.ts";
export type { Workspace } from "./workspaceObjects.ts";

/**
 * The largest body of a dataset or a session, in bytes. It is parsed at once, so a larger one would keep other requests waiting; real ones
 * have some hundred bytes.
 */
const OBJECT_BYTES_MAX = 1024 * 1024;

/** The routes that LangSmith's `evaluate` uses besides runs: datasets, their examples, and sessions, below `base`. */
export function workspaceRoutes(base: string, workspace: Workspace, gate: Gate): Route[] {
  const route = (method: Route["method"], path: string, handler: Handler, bytesMax = OBJECT_BYTES_MAX): Route =>
    jsonRoute(method, `${base}${path}`, gate, handler, bytesMax);
  return [
    route("GET", "/datasets", listNamed(DATASETS, workspace)),
    route("POST", "/datasets", createNamed(DATASETS, workspace)),
    route("GET", "/datasets/:id", readNamed(DATASETS, workspace)),
    route("GET", "/sessions", listNamed(SESSIONS, workspace)),
    route("POST", "/sessions", createNamed(SESSIONS, workspace)),
    route("GET", "/sessions/:id", readNamed(SESSIONS, workspace)),
    route("PATCH", "/sessions/:id", changeNamed(SESSIONS, workspace)),
    route("GET", "/examples", listExamples(workspace)),
    route("GET", "/examples/:id", readExample(workspace)),
    // Clients leave out the /v1 if their base URL ends in one.
    ...["/platform", "/v1/platform"].flatMap((platform) => [
      route("POST", `${platform}/datasets/:id/examples`, writeExamples(workspace), BODY_BYTES_MAX),
      route("PATCH", `${platform}/datasets/:id/examples`, writeExamples(workspace), BODY_BYTES_MAX),
    ]),
  ];
}
