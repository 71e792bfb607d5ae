import type { Authenticate } from "@signalbox/listener";
import { AppError, type IngestSource } from "@signalbox/model";
import { type Compression, type Encoding, type Fault, MalformedBody } from "../decode/index.ts";
import { acceptedOf, type Journal } from "../journal/index.ts";
import type { Metrics } from "../metrics.ts";
import type { CheckedTrack } from "./azure/checkTrack.ts";
import type { Bodies } from "./bodies/index.ts";
import { pace } from "./pace.ts";
import { type Refusals, TURNED_AWAY } from "./refusals.ts";
import type { Checked, Signal } from "./signal.ts";

/** A request of any protocol, with its body as it came. */
export interface ExportRequest {
  signal: Signal;
  source: IngestSource;
  project: string;
  encoding: Encoding;
  compression: Compression;
  body: Buffer;
}

/**
 * The outcome of a request. After `accepted` it is durable; `rejected` counts its records that will not be stored, and `track` reports on
 * Application Insights' items. After any other outcome nothing of the request is kept.
 */
export type ExportOutcome =
  | { kind: "accepted"; rejected: ReadonlyMap<Fault, number>; track: CheckedTrack | null }
  | { kind: "malformed" | "too_large" | "unavailable"; message: string };

/**
 * Dependencies of accepting requests; a receiver calls `authenticate` first, and learns the project from it. `clock` is milliseconds since
 * 1970, `receivedAtUs` gives times of receipt in microseconds since 1970, `paceMsMax` is how many milliseconds an answer waits when the
 * journal is full.
 */
export interface Acceptance {
  authenticate: Authenticate;
  bodies: Bodies;
  journal: Pick<Journal, "append" | "level">;
  refusals: Refusals;
  metrics: Metrics;
  paceMsMax: number;
  clock: () => number;
  receivedAtUs: () => number;
}

/** Checks a request and makes it durable. A request without records is accepted but not stored. */
export async function acceptRequest(
  request: ExportRequest,
  { bodies, journal, refusals, metrics, paceMsMax, ...moments }: Omit<Acceptance, "authenticate">,
): Promise<ExportOutcome> {
  const { signal, source, project, encoding, compression, body } = request;
  const receivedAtUs = moments.receivedAtUs();
  let checked: Checked;
  try {
    checked = await bodies.work("check", body, compression, { kind: signal.kind, encoding, receivedAtUs });
  } catch (error) {
    return refusalOf(error, project, source, refusals);
  }
  const { received, rejected, track } = checked;
  if (received === 0) return { kind: "accepted", rejected, track };

  const counts = { received, rejected: Object.fromEntries(rejected) };
  const appended = await journal.append({ receivedAtUs, kind: signal.kind, source, encoding, compression, project, counts, body });
  metrics.received.inc({ project, source }, received);
  if (appended.kind === "refused") {
    metrics.rejected.inc({ project, source, reason: TURNED_AWAY }, received);
    refusals.countTurnedAway(project, source, received);
    return { kind: "unavailable", message: appended.detail };
  }
  await pace(journal.level, paceMsMax);
  metrics.journaledBytes.inc(body.length);
  metrics.accepted.inc({ project, source }, acceptedOf(counts));
  for (const [reason, count] of rejected) metrics.rejected.inc({ project, source, reason }, count);
  return { kind: "accepted", rejected, track };
}

/** The refusal of a request whose body could not be processed; it is counted. Rethrows errors that it does not know. */
export function refusalOf(
  error: unknown,
  project: string,
  source: IngestSource,
  refusals: Refusals,
): Exclude<ExportOutcome, { kind: "accepted" }> {
  const kind = refusalKindOf(error);
  if (kind === null) throw error;
  refusals.countUnread(project, source, kind);
  return { kind, message: (error as Error).message };
}

function refusalKindOf(error: unknown): "malformed" | "too_large" | "unavailable" | null {
  if (error instanceof MalformedBody) return error.fault;
  return error instanceof AppError && error.code === "upstream_unavailable" ? "unavailable" : null;
}
