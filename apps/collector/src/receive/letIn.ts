import type { Access, HeaderLookup } from "@signalbox/listener";
import type { IngestSource } from "@signalbox/model";
import type { Acceptance } from "./acceptRequest.ts";

/** Authenticates a sender. A request beyond its key's rate is counted, since its project is known. */
export async function letIn(
  headers: HeaderLookup,
  source: IngestSource,
  { authenticate, refusals }: Pick<Acceptance, "authenticate" | "refusals">,
): Promise<Access> {
  const access = await authenticate(headers, "ingest");
  if (access.kind === "rate_limited") refusals.countUnread(access.project, source, access.kind);
  return access;
}
