import type { IncomingMessage, ServerResponse } from "node:http";
import { credentialOf, headersOf, NO_ACCESS_STATUSES } from "@signalbox/listener";
import { BODY_BYTES_MAX, MalformedBody } from "../../decode/index.ts";
import { type Acceptance, acceptRequest, type ExportOutcome } from "../acceptRequest.ts";
import { letIn } from "../letIn.ts";
import type { Route } from "../listener.ts";
import { compressionOf } from "../otlpHttp/index.ts";
import { type BodyBudgets, readBody, STRANGER_BYTES_MAX } from "../readBody.ts";
import { TRACK } from "../signal.ts";
import { RETRY_AFTER_S, retryAfterSOf } from "../statusAnswer.ts";
import type { TrackError } from "./checkTrack.ts";
import { inTurns } from "./inTurns.ts";
import { type Share, sharesOf } from "./shares.ts";

/** The paths of exporters and of the older SDKs. */
const PATHS = ["/v2.1/track", "/v2/track"];

const SOURCE = "azure";

/** Of these statuses the exporter retries only 503; on the others it drops the items. */
const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  number
>;

/** The outcome of a share of a request. */
type Taken =
  | { kind: "taken"; items: number; errors: readonly TrackError[] }
  | { kind: "refused"; positions: readonly number[] | null; statusCode: number; message: string; retryAfterS: number };

/** Application Insights' track endpoint: envelopes as a JSON list or one per line, plain, gzip or zstd. */
export function trackRoutes(acceptance: Acceptance, budgets: BodyBudgets): Route[] {
  return PATHS.map((path) => ({
    method: "POST",
    path,
    async handle(request, response) {
      response.on("finish", () => acceptance.metrics.requests.inc({ source: SOURCE, status: response.statusCode }));
      await handleTrack(request, response);
    },
  }));

  /**
   * Handles a request. One without a credential header is authenticated by the instrumentation key of each item, for which its body must be
   * read.
   */
  async function handleTrack(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = headersOf(request);
    const access = await letIn(headers, SOURCE, acceptance);
    const hasHeader = credentialOf(headers).kind !== "none";
    if (hasHeader && access.kind !== "granted")
      return refuse(response, NO_ACCESS_STATUSES[access.kind], access.message, retryAfterSOf(access));
    const compression = compressionOf(request);
    if (compression === null) return refuse(response, 415, "the content encoding is neither identity, gzip nor zstd");
    const bytesMax = access.kind === "granted" ? BODY_BYTES_MAX : STRANGER_BYTES_MAX;
    using read = await readBody(request, access.kind === "granted" ? budgets.known : budgets.strangers, bytesMax);
    // The sender of an unread body is known only from a header.
    if ((read.kind === "too_large" || read.kind === "overloaded") && access.kind === "granted")
      acceptance.refusals.countUnread(access.project, SOURCE, read.kind);
    if (read.kind === "too_large") return refuse(response, 413, `the body is larger than ${bytesMax} bytes`);
    if (read.kind === "overloaded") return refuse(response, 503, "too many requests are being read");
    if (read.kind === "aborted") return;

    try {
      const { body } = read;
      const shares = hasHeader ? [{ access, positions: null, compression, body }] : await sharesOf(body, compression, access, acceptance);
      // Small shares are checked on this thread, and there may be a hundred of them.
      answer(response, await inTurns(shares, take));
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error;
      refuse(response, REFUSAL_STATUSES[error.fault], error.message);
    }
  }

  async function take({ access, positions, compression, body }: Share): Promise<Taken> {
    if (access.kind !== "granted")
      return {
        ...{ kind: "refused", positions, statusCode: NO_ACCESS_STATUSES[access.kind] },
        ...{ message: access.message, retryAfterS: retryAfterSOf(access) },
      };
    const request = { signal: TRACK, source: SOURCE, project: access.project, encoding: "json", compression, body } as const;
    const outcome = await acceptRequest(request, acceptance);
    if (outcome.kind !== "accepted")
      return {
        ...{ kind: "refused", positions, statusCode: REFUSAL_STATUSES[outcome.kind] },
        ...{ message: outcome.message, retryAfterS: RETRY_AFTER_S },
      };
    const { items, errors } = outcome.track ?? { items: 0, errors: [] };
    return { kind: "taken", items, errors: errors.map((error) => ({ ...error, index: positions?.[error.index] ?? error.index })) };
  }
}

/** Answers a request. If all of it was refused, the status says so; otherwise each refused item is listed. */
function answer(response: ServerResponse, shares: readonly Taken[]): void {
  const [first] = shares;
  if (first?.kind === "refused" && shares.every(({ kind }) => kind === "refused")) {
    refuse(response, first.statusCode, first.message, first.retryAfterS);
    return;
  }
  const errors = shares.flatMap(errorsOfShare).sort((a, b) => a.index - b.index);
  const itemsReceived = shares.reduce((sum, share) => sum + (share.kind === "taken" ? share.items : (share.positions?.length ?? 0)), 0);
  write(response, errors.length === 0 ? 200 : 206, { itemsReceived, itemsAccepted: itemsReceived - errors.length, errors });
}

function errorsOfShare(share: Taken): readonly TrackError[] {
  if (share.kind === "taken") return share.errors;
  return (share.positions ?? []).map((index) => ({ index, statusCode: share.statusCode, message: share.message }));
}

function refuse(response: ServerResponse, statusCode: number, message: string, retryAfterS = RETRY_AFTER_S): void {
  if (statusCode === 503 || statusCode === 429) response.setHeader("retry-after", retryAfterS);
  write(response, statusCode, { itemsReceived: 0, itemsAccepted: 0, errors: [{ index: 0, statusCode, message }] });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
