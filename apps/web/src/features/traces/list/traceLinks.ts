import { type ListParams, listLink } from "./listParams.ts";

/** The trace list, narrowed. It stands on no saved view: a link to some traces must not depend on what opens the list. */
export function tracesLink(params: Partial<ListParams>): string {
  return listLink("/traces", params);
}

/** A trace that knows the list it was opened from. */
export function traceLink(traceId: string, params: ListParams): string {
  return listLink(`/traces/${traceId}`, params);
}
