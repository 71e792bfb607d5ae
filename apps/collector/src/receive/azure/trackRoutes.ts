import type { IncomingMessage, ServerResponse } from "node:http";
import { BODY_BYTES_MAX, decodeTrack, FAULTS, type Fault, faultOfTrackRecord, type TrackRecord } from "../../decode/index.ts";
import { type Acceptance, acceptRequest, type ExportOutcome } from "../acceptRequest.ts";
import { NO_ACCESS_STATUSES } from "../authenticate.ts";
import { headersOf } from "../keys/credential.ts";
import type { Route } from "../listener.ts";
import { compressionOf } from "../otlpHttp/index.ts";
import { type BodyBudget, readBody } from "../readBody.ts";
import type { Signal } from "../signal.ts";

/** What exporters call, and what the SDKs before them did. */
const PATHS = ["/v2.1/track", "/v2/track"];

const SOURCE = "azure";

/** Of these the exporter sends again what it was refused with 503; it drops the rest. */
const REFUSAL_STATUSES = { malformed: 400, too_large: 413, unavailable: 503 } as const satisfies Record<
  Exclude<ExportOutcome["kind"], "accepted">,
  number
>;

/** When a refused sender should come back, in seconds. */
const RETRY_AFTER_S = 1;

/** A record of a request, and what keeps it from being stored. */
interface Judged {
  record: TrackRecord;
  fault: Fault | null;
}

/** What is wrong with an item, by its position in the request. */
interface TrackError {
  index: number;
  statusCode: number;
  message: string;
}

/** Application Insights' track endpoint: envelopes as a JSON list or one per line, plain, gzip or zstd. */
export function trackRoutes(acceptance: Acceptance, budget: BodyBudget): Route[] {
  return PATHS.map((path) => ({
    method: "POST",
    path,
    async handle(request, response) {
      response.on("finish", () => acceptance.metrics.requests.inc({ source: SOURCE, status: response.statusCode }));
      await handleTrack(request, response);
    },
  }));

  async function handleTrack(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const access = await acceptance.authenticate(headersOf(request), "ingest");
    if (access.kind !== "granted") return refuse(response, NO_ACCESS_STATUSES[access.kind], access.message);
    const compression = compressionOf(request);
    if (compression === null) return refuse(response, 415, "the content encoding is neither identity, gzip nor zstd");
    using read = await readBody(request, budget);
    if (read.kind === "too_large" || read.kind === "overloaded") acceptance.refusals.countUnread(access.project, SOURCE, read.kind);
    if (read.kind === "too_large") return refuse(response, 413, `the body is larger than ${BODY_BYTES_MAX} bytes`);
    if (read.kind === "overloaded") return refuse(response, 503, "too many requests are being read");
    if (read.kind === "aborted") return;

    let judged: Judged[] = [];
    const signal: Signal = {
      kind: "azure_track",
      faultsOf(body, _encoding, receivedAtUs) {
        judged = decodeTrack(body).map((record) => ({ record, fault: faultOfTrackRecord(record, receivedAtUs) }));
        return judged.flatMap(({ record, fault }) => (record.kind === "nothing" ? [] : fault));
      },
    };
    const exported = { signal, source: SOURCE, project: access.project, encoding: "json", compression, body: read.body } as const;
    const outcome = await acceptRequest(exported, acceptance);
    if (outcome.kind !== "accepted") return refuse(response, REFUSAL_STATUSES[outcome.kind], outcome.message);
    answer(response, (judged.at(-1)?.record.index ?? -1) + 1, errorsOf(judged));
  }
}

/** One error per item: the first of its records'. */
function errorsOf(judged: readonly Judged[]): TrackError[] {
  const errors = new Map<number, TrackError>();
  for (const { record, fault } of judged) {
    if (fault === null || errors.has(record.index)) continue;
    const detail = record.kind === "refused" ? `: ${record.detail}` : "";
    errors.set(record.index, { index: record.index, statusCode: 400, message: `${FAULTS[fault]}${detail}` });
  }
  return [...errors.values()];
}

function answer(response: ServerResponse, itemsReceived: number, errors: readonly TrackError[]): void {
  const status = errors.length === 0 ? 200 : 206;
  write(response, status, { itemsReceived, itemsAccepted: itemsReceived - errors.length, errors });
}

function refuse(response: ServerResponse, statusCode: number, message: string): void {
  if (statusCode === 503 || statusCode === 429) response.setHeader("retry-after", RETRY_AFTER_S);
  write(response, statusCode, { itemsReceived: 0, itemsAccepted: 0, errors: [{ index: 0, statusCode, message }] });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
