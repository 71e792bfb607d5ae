import type { IncomingMessage } from "node:http";
import { type Authenticate, headersOf } from "@signalbox/listener";
import { AppError, FAILURES, type KeyScope, stableId } from "@signalbox/model";
import { MalformedBody } from "../../../decode/index.ts";
import { pathOf, type Route } from "../../listener.ts";
import { type BodyBudget, readBody } from "../../readBody.ts";
import { answerNoAccess, answerStatus, isRefusalStatus } from "../../statusAnswer.ts";

/** A request of a workspace route. `id` is the UUID in its path; empty if there is none. */
export interface WorkspaceRequest {
  project: string;
  tenantId: string;
  id: string;
  query: URLSearchParams;
  body: Buffer;
}

/** Handles a request; its result is sent as JSON. Throws `AppError` and `MalformedBody`. */
export type Handler = (request: WorkspaceRequest) => Promise<unknown>;

const UUID = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/;

/** Dependencies of every route. */
export interface Gate {
  authenticate: Authenticate;
  budget: BodyBudget;
}

/** The requirements of a route: a key of `scope`, and a body of at most `bytesMax`. */
export interface RouteLimits {
  scope: KeyScope;
  bytesMax: number;
}

/** A route that answers JSON. `:id` in `path` stands for a UUID. */
export function jsonRoute(
  method: Route["method"],
  path: string,
  { authenticate, budget }: Gate,
  handler: Handler,
  { scope, bytesMax }: RouteLimits,
): Route {
  return {
    method,
    path: path.includes(":id") ? new RegExp(`^${path.replace(":id", UUID.source)}$`) : path,
    async handle(request, response) {
      const access = await authenticate(headersOf(request), scope);
      if (access.kind !== "granted") return answerNoAccess(request, response, access);
      using read = await readBody(request, budget, bytesMax);
      if (read.kind === "too_large") answerStatus(request, response, 413, `the body is larger than ${bytesMax} bytes`);
      if (read.kind === "overloaded") answerStatus(request, response, 503, "too many requests are being read");
      if (read.kind !== "body") return;
      try {
        const answer = await handler(requestOf(request, access.project, read.body));
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
      } catch (error) {
        const status = statusOf(error);
        if (!isRefusalStatus(status)) throw error;
        answerStatus(request, response, status, (error as Error).message);
      }
    },
  };
}

function requestOf(request: IncomingMessage, project: string, body: Buffer): WorkspaceRequest {
  const { searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  // Clients ask for a tenant's id and use it only in links, so each project has one.
  return { project, tenantId: stableId("tenant", project), id: UUID.exec(pathOf(request))?.[0] ?? "", query: searchParams, body };
}

function statusOf(error: unknown): number {
  if (error instanceof MalformedBody) return error.fault === "too_large" ? 413 : 400;
  return error instanceof AppError ? FAILURES[error.code].http : 500;
}
