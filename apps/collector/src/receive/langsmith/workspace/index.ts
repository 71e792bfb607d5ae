import { BODY_BYTES_MAX } from "../../../decode/index.ts";
import type { Route } from "../../listener.ts";
import { deleteExamples, listExamples, readExample, writeExamples } from "./examples.ts";
import { changeFeedback, deleteFeedback, listFeedback, readFeedback } from "./feedback.ts";
import { type Gate, type Handler, jsonRoute, type RouteLimits } from "./jsonRoute.ts";
import { changeNamed, createNamed, DATASETS, deleteNamedDataset, listNamed, readNamed, SESSIONS } from "./named.ts";
import { queryRuns, readRun } from "./runs.ts";
import { listSessions, readSession } from "./sessions.ts";
import type { Workspace } from "./workspaceObjects.ts";

export { noWorkspace } from "./noWorkspace.ts";
export type { Workspace } from "./workspaceObjects.ts";

/**
 * The largest body of a dataset or a session, in bytes. It is parsed at once, so a larger one would keep other requests waiting; real ones
 * have some hundred bytes.
 */
const OBJECT_BYTES_MAX = 1024 * 1024;

/**
 * The routes that LangSmith's clients use besides those for sending runs, below `base`: datasets and their examples, sessions, stored runs
 * and
 * feedback on them. Reading needs a key with the scope `read`, writing one with `ingest`. Deleting a dataset is final and needs `admin`; a
 * deleted example is missing from the next version on.
 */
export function workspaceRoutes(base: string, workspace: Workspace, gate: Gate): Route[] {
  const route = (method: Route["method"], path: string, handler: Handler, more: Partial<RouteLimits> = {}): Route => {
    const scope = method === "GET" ? "read" : "ingest";
    return jsonRoute(method, `${base}${path}`, gate, handler, { scope, bytesMax: OBJECT_BYTES_MAX, ...more });
  };
  return [
    route("GET", "/datasets", listNamed(DATASETS, workspace)),
    route("POST", "/datasets", createNamed(DATASETS, workspace)),
    route("GET", "/datasets/:id", readNamed(DATASETS, workspace)),
    route("DELETE", "/datasets/:id", deleteNamedDataset(workspace), { scope: "admin" }),
    route("GET", "/feedback", listFeedback(workspace)),
    route("GET", "/feedback/:id", readFeedback(workspace)),
    route("PATCH", "/feedback/:id", changeFeedback(workspace)),
    route("DELETE", "/feedback/:id", deleteFeedback(workspace)),
    route("POST", "/runs/query", queryRuns(workspace), { scope: "read" }),
    route("GET", "/runs/:id", readRun(workspace)),
    route("GET", "/sessions", listSessions(workspace)),
    route("POST", "/sessions", createNamed(SESSIONS, workspace)),
    route("GET", "/sessions/:id", readSession(workspace)),
    route("PATCH", "/sessions/:id", changeNamed(SESSIONS, workspace)),
    route("GET", "/examples", listExamples(workspace)),
    route("DELETE", "/examples", deleteExamples(workspace)),
    route("GET", "/examples/:id", readExample(workspace)),
    route("DELETE", "/examples/:id", deleteExamples(workspace)),
    // Clients leave out the /v1 where their base ends in one.
    ...["/platform", "/v1/platform"].flatMap((platform) => [
      route("POST", `${platform}/datasets/:id/examples`, writeExamples(workspace), { bytesMax: BODY_BYTES_MAX }),
      route("PATCH", `${platform}/datasets/:id/examples`, writeExamples(workspace), { bytesMax: BODY_BYTES_MAX }),
    ]),
  ];
}
