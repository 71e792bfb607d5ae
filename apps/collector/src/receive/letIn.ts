import type { Access, HeaderLookup } from "@signalbox/listener";
import type { IngestSource } from "@signalbox/model";
import type { Acceptance } from "./acceptRequest.ts";

/** Asks whether a request may send. One that comes more often than its key allows is counted: it is known whose it is. */
export async function letIn(
  headers: HeaderLookup,
  source: IngestSource,
  { authenticate, refusals }: Pick<Acceptance, "authenticate" | "refusals">,
): Promise<Access> {
  const access = await authenticate(headers, "ingest");
  if (access.kind === "rate_limited") refusals.countUnread(access.project, source, access.kind);
  return access;
}
