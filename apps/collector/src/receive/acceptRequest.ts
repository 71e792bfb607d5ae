import type { IngestSource } from "@signalbox/model";
import { type Compression, type Encoding, type Fault, MalformedBody, plainBody } from "../decode/index.ts";
import { acceptedOf, type Journal } from "../journal/index.ts";
import type { Metrics } from "../metrics.ts";
import type { Authenticate } from "./authenticate.ts";
import { pace } from "./pace.ts";
import { type Refusals, TURNED_AWAY } from "./refusals.ts";
import type { Signal } from "./signal.ts";

/** A request as it came, whatever the protocol that carried it. */
export interface ExportRequest {
  signal: Signal;
  source: IngestSource;
  project: string;
  encoding: Encoding;
  compression: Compression;
  body: Buffer;
}

/**
 * `accepted` is on disk; `rejected` counts its records that will not be stored. After every other outcome nothing of the request is kept.
 */
export type ExportOutcome =
  | { kind: "accepted"; rejected: ReadonlyMap<Fault, number> }
  | { kind: "malformed" | "too_large" | "unavailable"; message: string };

/** What accepting needs; a receiver asks `authenticate` first, and whose project it is. `clock` is milliseconds since 1970, `paceMsMax` how long
 * an answer waits where the journal is full. */
export interface Acceptance {
  authenticate: Authenticate;
  journal: Pick<Journal, "append" | "level">;
  refusals: Refusals;
  metrics: Metrics;
  paceMsMax: number;
  clock: () => number;
}

/** Checks a request and makes it durable. A request without records is accepted and not kept. */
export async function acceptRequest(
  request: ExportRequest,
  { journal, refusals, metrics, clock, paceMsMax }: Omit<Acceptance, "authenticate">,
): Promise<ExportOutcome> {
  const { signal, source, project, encoding, compression, body } = request;
  const receivedAtUs = clock() * 1_000;
  let faults: (Fault | null)[];
  try {
    faults = signal.faultsOf(plainBody(body, compression), encoding, receivedAtUs);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    refusals.countUnread(project, source, error.fault);
    return { kind: error.fault, message: error.message };
  }
  if (faults.length === 0) return { kind: "accepted", rejected: new Map() };

  const rejected = countFaults(faults);
  const counts = { received: faults.length, rejected: Object.fromEntries(rejected) };
  const appended = await journal.append({ receivedAtUs, kind: signal.kind, source, encoding, compression, project, counts, body });
  metrics.received.inc({ project, source }, faults.length);
  if (appended.kind === "refused") {
    metrics.rejected.inc({ project, source, reason: TURNED_AWAY }, faults.length);
    refusals.countTurnedAway(project, source, faults.length);
    return { kind: "unavailable", message: appended.detail };
  }
  await pace(journal.level, paceMsMax);
  metrics.journaledBytes.inc(body.length);
  metrics.accepted.inc({ project, source }, acceptedOf(counts));
  for (const [reason, count] of rejected) metrics.rejected.inc({ project, source, reason }, count);
  return { kind: "accepted", rejected };
}

function countFaults(faults: readonly (Fault | null)[]): Map<Fault, number> {
  const counts = new Map<Fault, number>();
  for (const fault of faults) if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return counts;
}
