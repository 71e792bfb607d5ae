import type { IncomingMessage, ServerResponse } from "node:http";
import { headersOf } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import { BODY_BYTES_MAX, FAULTS, type LangSmithForm } from "../../decode/index.ts";
import { type Acceptance, acceptRequest, type ExportOutcome, type ExportRequest, refusalOf } from "../acceptRequest.ts";
import { bufferOf } from "../bodies/index.ts";
import { letIn } from "../letIn.ts";
import { pathOf, type Route } from "../listener.ts";
import { compressionOf, otlpTracesRoute } from "../otlpHttp/index.ts";
import { type BodyBudgets, readBody } from "../readBody.ts";
import { RUNS } from "../signal.ts";
import { answerNoAccess, answerStatus, type RefusalStatus } from "../statusAnswer.ts";
import { SERVER_INFO } from "./serverInfo.ts";
import type { SingleItem } from "./singleItem.ts";
import { turns } from "./turns.ts";
import { type Workspace, workspaceRoutes } from "./workspace/index.ts";

/** Base URLs that clients may be given: the bare one, with just the port, and one like LangSmith's own. */
const BASES = ["", "/langsmith/api/v1"];

const SOURCE = "langsmith" as const;

const RUN_PATH = /\/runs\/[0-9a-fA-F-]{32,36}$/;

/** Clients drop a request refused with anything but 503, so a body that could be stored later is never refused with another status. */
const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  RefusalStatus
>;

/** The form of a request at one of our routes; a single item is stored as a batch of one. */
type RequestForm = LangSmithForm | SingleItem;

/** The routes that LangSmith's clients use to trace and evaluate, at a bare base and at ours; its OpenTelemetry mode is OTLP. */
export function langsmithRoutes(acceptance: Acceptance, budgets: BodyBudgets, stores: Omit<Workspace, "sendFeedback" | "inTurn">): Route[] {
  const workspace: Workspace = { ...stores, sendFeedback, inTurn: turns() };
  return BASES.flatMap((base) => [
    { method: "GET" as const, path: `${base}/info`, handle: answerInfo },
    runsRoute("POST", `${base}/runs/multipart`, "multipart"),
    runsRoute("POST", `${base}/runs/batch`, "batch"),
    runsRoute("POST", `${base}/runs`, "post"),
    runsRoute("PATCH", new RegExp(`^${base}${RUN_PATH.source}`), "patch"),
    runsRoute("POST", `${base}/feedback`, "feedback"),
    ...workspaceRoutes(base, workspace, { authenticate: acceptance.authenticate, budget: budgets.known }),
    otlpTracesRoute(`${base}/otel/v1/traces`, "langsmith_otel", acceptance, budgets),
  ]);

  async function sendFeedback(project: string, feedback: object): Promise<void> {
    const body = Buffer.from(JSON.stringify({ feedback: [feedback] }));
    const wire = { signal: RUNS.batch, source: SOURCE, project, encoding: "json", compression: "identity", body } as const;
    const outcome = await acceptRequest(wire, acceptance);
    if (outcome.kind !== "accepted")
      throw new AppError(outcome.kind === "unavailable" ? "upstream_unavailable" : "invalid_input", outcome.message);
  }

  function runsRoute(method: Route["method"], path: Route["path"], form: RequestForm): Route {
    return {
      method,
      path,
      async handle(request, response) {
        response.on("finish", () => acceptance.metrics.requests.inc({ source: SOURCE, status: response.statusCode }));
        await handleRuns(request, response, form);
      },
    };
  }

  async function handleRuns(request: IncomingMessage, response: ServerResponse, form: RequestForm): Promise<void> {
    const access = await letIn(headersOf(request), SOURCE, acceptance);
    if (access.kind !== "granted") return answerNoAccess(request, response, access);
    const compression = compressionOf(request);
    if (compression === null) return answerStatus(request, response, 415, "the content encoding is neither identity, gzip nor zstd");
    using read = await readBody(request, budgets.known);
    if (read.kind === "too_large" || read.kind === "overloaded") acceptance.refusals.countUnread(access.project, SOURCE, read.kind);
    if (read.kind === "too_large") answerStatus(request, response, 413, `the body is larger than ${BODY_BYTES_MAX} bytes`);
    if (read.kind === "overloaded") answerStatus(request, response, 503, "too many requests are being read");
    if (read.kind !== "body") return;
    const outcome = await accept(request, form, { project: access.project, compression, body: read.body });
    if (outcome.kind === "accepted") answerAccepted(response, outcome.rejected.get("unreadable_part") ?? 0);
    else answerStatus(request, response, REFUSAL_STATUSES[outcome.kind], outcome.message);
  }

  async function accept(
    request: IncomingMessage,
    form: RequestForm,
    wire: Pick<ExportRequest, "project" | "compression" | "body">,
  ): Promise<ExportOutcome> {
    const common = { signal: signalOf(form), source: SOURCE, project: wire.project, encoding: "json" as const };
    if (form === "multipart" || form === "batch") return acceptRequest({ ...common, ...wire }, acceptance);
    let body: Uint8Array;
    try {
      body = await acceptance.bodies.work("batchOfOne", wire.body, wire.compression, { form, path: pathOf(request) });
    } catch (error) {
      return refusalOf(error, wire.project, SOURCE, acceptance.refusals);
    }
    return acceptRequest({ ...common, compression: "identity", body: bufferOf(body) }, acceptance);
  }
}

function signalOf(form: RequestForm) {
  return RUNS[form === "multipart" ? "multipart" : "batch"];
}

async function answerInfo(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(SERVER_INFO));
}

/**
 * Answers an accepted request. The protocol has no partial success: unreadable parts are kept among the rejected, and the answer mentions
 * them.
 */
function answerAccepted(response: ServerResponse, unreadable: number): void {
  const answer = unreadable === 0 ? {} : { message: `${unreadable} rejected: ${FAULTS.unreadable_part}` };
  response.writeHead(202, { "content-type": "application/json" }).end(JSON.stringify(answer));
}
