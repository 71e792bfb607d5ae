import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { IngestSource } from "@signalbox/model";
import { BODY_BYTES_MAX, type Compression, isCompression } from "../../decode/index.ts";
import { type Acceptance, acceptRequest, type ExportOutcome, type ExportRequest } from "../acceptRequest.ts";
import { exportAnswerJson, exportAnswerProtobuf } from "../exportAnswer.ts";
import { headersOf } from "../keys/credential.ts";
import type { Route } from "../listener.ts";
import { OTLP_SIGNALS, type OtlpSignal, TRACES_SIGNAL } from "../otlpSignals.ts";
import { type BodyBudget, readBody } from "../readBody.ts";
import { answerNoAccess, answerStatus, encodingOf, MEDIA_TYPES, type RefusalStatus } from "../statusAnswer.ts";

const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  RefusalStatus
>;

/** OTLP over HTTP: protobuf and JSON, plain, gzip and zstd. */
export function otlpRoutes(acceptance: Acceptance, budget: BodyBudget): Route[] {
  return OTLP_SIGNALS.map((otlp) =>
    otlpRoute(otlp, otlp.path, ({ socket }) => otlp.sources[isTls(socket) ? "tls" : "http"], acceptance, budget),
  );
}

/** OTLP's traces at a path of another product's, and so of another source. */
export function otlpTracesRoute(path: string, source: IngestSource, acceptance: Acceptance, budget: BodyBudget): Route {
  return otlpRoute(TRACES_SIGNAL, path, () => source, acceptance, budget);
}

function otlpRoute(
  { signal, rejectedField }: OtlpSignal,
  path: string,
  sourceOf: (request: IncomingMessage) => IngestSource,
  acceptance: Acceptance,
  budget: BodyBudget,
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
    const access = await acceptance.authenticate(headersOf(request), "ingest");
    if (access.kind !== "granted") return answerNoAccess(request, response, access);
    const { project } = access;
    const encoding = encodingOf(request);
    if (encoding === null)
      return answerStatus(request, response, 415, "the content type is neither application/x-protobuf nor application/json");
    const compression = compressionOf(request);
    if (compression === null) return answerStatus(request, response, 415, "the content encoding is neither identity, gzip nor zstd");

    using read = await readBody(request, budget);
    if (read.kind === "body") await answerExport(request, response, { signal, source, project, encoding, compression, body: read.body });
    if (read.kind === "too_large" || read.kind === "overloaded") acceptance.refusals.countUnread(project, source, read.kind);
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

/** How a request's body is compressed; null for a way that we do not read. */
export function compressionOf(request: IncomingMessage): Compression | null {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  return isCompression(encoding) ? encoding : null;
}
