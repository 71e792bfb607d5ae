import type { IncomingMessage, ServerResponse } from "node:http";
import { type Access, headersOf, NO_ACCESS_STATUSES, type NoAccess } from "@signalbox/listener";
import { issuesText, parsedJson } from "@signalbox/model";
import { z } from "zod";
import { type Acceptance, acceptRequest, type ExportOutcome, refusalOf } from "../acceptRequest.ts";
import { bufferOf } from "../bodies/index.ts";
import { letIn } from "../letIn.ts";
import type { Route } from "../listener.ts";
import { type BodyBudgets, type ReadBody, readBody } from "../readBody.ts";
import { LOGS } from "../signal.ts";
import { RETRY_AFTER_S, retryAfterSOf } from "../statusAnswer.ts";
import { traceIdOf, type UploadedLog } from "./uploadedLog.ts";

const SOURCE = "agentops";

/** The SDK's own limit on uploads. */
const UPLOAD_BYTES_MAX = 25 * 1024 * 1024;
const CREDENTIALS_BYTES_MAX = 4_096;

const Credentials = z.object({ api_key: z.string() });

/** The only form of key that the SDK accepts without a warning. */
const KEY = z.guid();

const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  number
>;

/**
 * The routes of AgentOps' SDKs besides OTLP: a token for their key, and uploads. The token is the key itself, so that there is a single
 * secret to know, to hash and to revoke; the SDKs send it as a bearer token and never parse it.
 */
export function agentopsRoutes(acceptance: Acceptance, budgets: BodyBudgets): Route[] {
  return [
    { method: "POST", path: "/v3/auth/token", handle: exchangeKey },
    { method: "GET", path: "/v3/auth/token", handle: verifyToken },
    { method: "POST", path: "/v4/logs/upload/", handle: uploadLogfile },
    { method: "POST", path: "/v4/objects/upload/", handle: (request, response) => upload(request, response, null) },
  ];

  /** The access that a key grants. */
  function accessOf(key: string): Promise<Access> {
    return acceptance.authenticate({ get: (name) => (name === "authorization" ? `Bearer ${key}` : null) }, "ingest");
  }

  async function exchangeKey(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const credentials = await readCredentials(request, response);
    if (credentials === null) return;
    const { api_key: key } = credentials;
    if (!KEY.safeParse(key).success) return refuse(response, 400, "the API key is no UUID");
    const access = await accessOf(key);
    // When it exchanges a key, the SDK understands 403 as a refusal.
    if (access.kind !== "granted") return refuseAccess(response, access, 403);
    write(response, 200, { token: key, ...accountOf(access.project) });
  }

  async function verifyToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = ""] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (!KEY.safeParse(token).success) return refuse(response, 401, "the token is not known");
    const access = await accessOf(token);
    if (access.kind !== "granted") return refuseAccess(response, access, 401);
    write(response, 200, accountOf(access.project));
  }

  async function uploadLogfile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const traceId = traceIdOf(String(request.headers["trace-id"] ?? ""));
    if (traceId === null) return refuse(response, 400, "the Trace-Id header is no trace id");
    await upload(request, response, traceId);
  }

  async function upload(request: IncomingMessage, response: ServerResponse, traceId: string | null): Promise<void> {
    response.on("finish", () => acceptance.metrics.requests.inc({ source: SOURCE, status: response.statusCode }));
    const access = await letIn(headersOf(request), SOURCE, acceptance);
    if (access.kind !== "granted") return refuseAccess(response, access);
    using read = await readBody(request, budgets.known, UPLOAD_BYTES_MAX);
    if (read.kind === "too_large" || read.kind === "overloaded") acceptance.refusals.countUnread(access.project, SOURCE, read.kind);
    if (read.kind !== "body") return refuseUnread(response, read, UPLOAD_BYTES_MAX);
    let uploaded: UploadedLog;
    try {
      uploaded = await acceptance.bodies.work("upload", read.body, "identity", { traceId });
    } catch (error) {
      const { kind, message } = refusalOf(error, access.project, SOURCE, acceptance.refusals);
      return refuse(response, REFUSAL_STATUSES[kind], message);
    }
    const { url, size } = uploaded;
    const body = bufferOf(uploaded.request);
    const exported = { signal: LOGS, source: SOURCE, project: access.project, encoding: "json", compression: "identity", body } as const;
    const outcome = await acceptRequest(exported, acceptance);
    if (outcome.kind !== "accepted") return refuse(response, REFUSAL_STATUSES[outcome.kind], outcome.message);
    write(response, 200, { url, size });
  }

  /** The credentials in a request; null if it was refused, or its sender hung up. */
  async function readCredentials(request: IncomingMessage, response: ServerResponse): Promise<z.infer<typeof Credentials> | null> {
    using read = await readBody(request, budgets.strangers, CREDENTIALS_BYTES_MAX);
    if (read.kind !== "body") refuseUnread(response, read, CREDENTIALS_BYTES_MAX);
    if (read.kind !== "body") return null;
    const parsed = Credentials.safeParse(parsedJson(read.body.toString()));
    if (!parsed.success) refuse(response, 400, issuesText(parsed.error));
    return parsed.success ? parsed.data : null;
  }
}

/** Every project has the plan about which the SDK prints no message. */
function accountOf(project: string) {
  return { project_id: project, project_prem_status: "pro" };
}

function refuseUnread(response: ServerResponse, { kind }: ReadBody, bytesMax: number): void {
  if (kind === "too_large") refuse(response, 413, `the body is larger than ${bytesMax} bytes`);
  if (kind === "overloaded") refuse(response, 503, "too many requests are being read");
}

/** Refuses a request. A temporary refusal says when to retry; a final one gets `finalStatus` where the SDK expects a certain status. */
function refuseAccess(response: ServerResponse, access: NoAccess, finalStatus?: number): void {
  const isPassing = access.kind === "rate_limited" || access.kind === "unavailable";
  const status = isPassing ? NO_ACCESS_STATUSES[access.kind] : (finalStatus ?? NO_ACCESS_STATUSES[access.kind]);
  refuse(response, status, access.message, retryAfterSOf(access));
}

function refuse(response: ServerResponse, status: number, error: string, retryAfterS = RETRY_AFTER_S): void {
  if (status === 503 || status === 429) response.setHeader("retry-after", retryAfterS);
  write(response, status, { error });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
