import { type ListParams, listLink } from "./listParams.ts";

/** The trace list with filters. It uses no saved view: a link to some traces must not depend on the default view. */
export function tracesLink(params: Partial<ListParams>): string {
  return listLink("/traces", params);
}

/** A trace's page that remembers the list it was opened from. */
export function traceLink(traceId: string, params: ListParams): string {
  return listLink(`/traces/${traceId}`, params);
}
