import type { Route } from "../../listener.ts";
import { listExamples, readExample, writeExamples } from "./examples.ts";
import { type Gate, type Handler, jsonRoute } from "./jsonRoute.ts";
import { changeNamed, createNamed, DATASETS, listNamed, readNamed, SESSIONS } from "./named.ts";
import type { Workspace } from "./workspaceObjects.ts";

export type { Workspace } from "./workspaceObjects.ts";

/** What LangSmith's `evaluate` asks for beside runs: datasets, their examples, and sessions, below `base`. */
export function workspaceRoutes(base: string, workspace: Workspace, gate: Gate): Route[] {
  const route = (method: Route["method"], path: string, handler: Handler): Route => jsonRoute(method, `${base}${path}`, gate, handler);
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
    // Clients leave out the /v1 where their base ends in one.
    ...["/platform", "/v1/platform"].flatMap((platform) => [
      route("POST", `${platform}/datasets/:id/examples`, writeExamples(workspace)),
      route("PATCH", `${platform}/datasets/:id/examples`, writeExamples(workspace)),
    ]),
  ];
}
