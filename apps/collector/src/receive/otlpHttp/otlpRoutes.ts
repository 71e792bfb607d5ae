import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { credentialOf, headersOf } from "@signalbox/listener";
import type { IngestSource } from "@signalbox/model";
import { BODY_BYTES_MAX, type Compression, isCompression } from "../../decode/index.ts";
import { type Acceptance, acceptRequest, type ExportOutcome, type ExportRequest } from "../acceptRequest.ts";
import { UNCLAIMED_BYTES_MAX, type UnclaimedProject, unclaimedProjects } from "../agentops/index.ts";
import { exportAnswerJson, exportAnswerProtobuf } from "../exportAnswer.ts";
import { letIn } from "../letIn.ts";
import type { Route } from "../listener.ts";
import { OTLP_SIGNALS, type OtlpSignal, TRACES_SIGNAL } from "../otlpSignals.ts";
import { type BodyBudgets, readBody } from "../readBody.ts";
import { answerNoAccess, answerStatus, encodingOf, MEDIA_TYPES, type RefusalStatus } from "../statusAnswer.ts";

const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  RefusalStatus
>;

/** OTLP over HTTP: protobuf and JSON, plain, gzip and zstd. */
export function otlpRoutes(acceptance: Acceptance, budgets: BodyBudgets): Route[] {
  const unclaimedProject = unclaimedProjects(acceptance.clock, acceptance.bodies);
  return OTLP_SIGNALS.map((otlp) => {
    const unclaimed = otlp === TRACES_SIGNAL ? unclaimedProject : NOTHING_UNCLAIMED;
    return otlpRoute(otlp, otlp.path, ({ socket }) => otlp.sources[isTls(socket) ? "tls" : "http"], unclaimed, acceptance, budgets);
  });
}

const NOTHING_UNCLAIMED: UnclaimedProject = async () => null;

/** A route for OTLP traces at another product's path, counted under that product's source. */
export function otlpTracesRoute(path: string, source: IngestSource, acceptance: Acceptance, budgets: BodyBudgets): Route {
  return otlpRoute(TRACES_SIGNAL, path, () => source, NOTHING_UNCLAIMED, acceptance, budgets);
}

function otlpRoute(
  { signal, rejectedField }: OtlpSignal,
  path: string,
  sourceOf: (request: IncomingMessage) => IngestSource,
  unclaimed: UnclaimedProject,
  acceptance: Acceptance,
  budgets: BodyBudgets,
): Route {
  return {
    method: "POST",
    path,
    async handle(request, response) {
      const source = sourceOf(request);
      response.on("finish", () => acceptance.metrics.requests.inc({ source, status: response.statusCode }));
      await handleExport(request, response, source);
    },
  };

  async function handleExport(request: IncomingMessage, response: ServerResponse, source: IngestSource): Promise<void> {
    const headers = headersOf(request);
    const access = await letIn(headers, source, acceptance);
    const mayBeUnclaimed = access.kind === "unauthenticated" && unclaimed !== NOTHING_UNCLAIMED && credentialOf(headers).kind === "none";
    if (access.kind !== "granted" && !mayBeUnclaimed) return answerNoAccess(request, response, access);
    const encoding = encodingOf(request);
    if (encoding === null)
      return answerStatus(request, response, 415, "the content type is neither application/x-protobuf nor application/json");
    const compression = compressionOf(request);
    if (compression === null) return answerStatus(request, response, 415, "the content encoding is neither identity, gzip nor zstd");

    using read = await (mayBeUnclaimed
      ? readBody(request, budgets.strangers, UNCLAIMED_BYTES_MAX)
      : readBody(request, budgets.known, BODY_BYTES_MAX));
    if (access.kind !== "granted" && read.kind === "too_large") return answerNoAccess(request, response, access);
    if (read.kind === "body") {
      const { body } = read;
      const project = access.kind === "granted" ? access.project : await unclaimed(body, compression);
      if (project !== null) await answerExport(request, response, { signal, source, project, encoding, compression, body });
      else if (access.kind !== "granted") answerNoAccess(request, response, access);
    }
    if ((read.kind === "too_large" || read.kind === "overloaded") && access.kind === "granted")
      acceptance.refusals.countUnread(access.project, source, read.kind);
    if (read.kind === "too_large") answerStatus(request, response, 413, `the body is larger than ${BODY_BYTES_MAX} bytes`);
    if (read.kind === "overloaded") answerStatus(request, response, 503, "too many requests are being read");
  }

  async function answerExport(request: IncomingMessage, response: ServerResponse, exported: ExportRequest): Promise<void> {
    const { encoding } = exported;
    const outcome = await acceptRequest(exported, acceptance);
    if (outcome.kind !== "accepted") return answerStatus(request, response, REFUSAL_STATUSES[outcome.kind], outcome.message);
    const answer = encoding === "json" ? exportAnswerJson(rejectedField, outcome.rejected) : exportAnswerProtobuf(outcome.rejected);
    response.writeHead(200, { "content-type": MEDIA_TYPES[encoding] }).end(answer);
  }
}

function isTls(socket: Socket): boolean {
  return socket instanceof TLSSocket;
}

/** The compression of a request's body; null if it is not supported. */
export function compressionOf(request: IncomingMessage): Compression | null {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  return isCompression(encoding) ? encoding : null;
}
