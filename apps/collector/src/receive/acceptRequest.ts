import { type Compression, type Encoding, type Fault, MalformedBody, plainBody } from "../decode/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Metrics } from "../metrics.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Signal } from "./signal.ts";

/** A request as it came, whatever the protocol that carried it. */
export interface ExportRequest {
  signal: Signal;
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

/** What accepting needs; a receiver asks `authenticate` first, and whose project it is. `clock` is milliseconds since 1970. */
export interface Acceptance {
  authenticate: Authenticate;
  journal: Pick<Journal, "append">;
  metrics: Metrics;
  clock: () => number;
}

/** Checks a request and makes it durable. A request without records is accepted and not kept. */
export async function acceptRequest(
  request: ExportRequest,
  { journal, metrics, clock }: Omit<Acceptance, "authenticate">,
): Promise<ExportOutcome> {
  const { signal, project, encoding, compression, body } = request;
  const receivedAtUs = clock() * 1_000;
  let faults: (Fault | null)[];
  try {
    faults = signal.faultsOf(plainBody(body, compression), encoding, receivedAtUs);
  } catch (error) {
    if (error instanceof MalformedBody) return { kind: error.fault, message: error.message };
    throw error;
  }
  metrics.received.inc({ signal: signal.source }, faults.length);
  if (faults.length === 0) return { kind: "accepted", rejected: new Map() };

  const appended = await journal.append({ receivedAtUs, source: signal.source, encoding, compression, project, body });
  if (appended.kind === "refused") return { kind: "unavailable", message: appended.detail };
  const rejected = countFaults(faults);
  metrics.journaledBytes.inc(body.length);
  metrics.accepted.inc({ signal: signal.source }, faults.filter((fault) => fault === null).length);
  for (const [reason, count] of rejected) metrics.rejected.inc({ signal: signal.source, reason }, count);
  return { kind: "accepted", rejected };
}

function countFaults(faults: readonly (Fault | null)[]): Map<Fault, number> {
  const counts = new Map<Fault, number>();
  for (const fault of faults) if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return counts;
}
