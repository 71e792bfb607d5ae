import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import type { AppRouter } from "./appRouter.ts";
import { plainJson } from "./plainJson.ts";

export type { ConversationEntry } from "@signalbox/model";
export type { AppRouter, RouterInputs, RouterOutputs } from "./appRouter.ts";
export { KEPT_LETTERS_MAX, KEPT_TRACES_MAX, LIST_LIMITS, UPLOAD_CHARS_MAX } from "./listLimits.ts";
export { TELEMETRY_STORE } from "./status/partNames.ts";
export type { EmptyList } from "./traces/explainEmptyList.ts";

/**
 * Calls that are not batched. A batch is answered when its slowest call is: a health check must not wait for the
 * store's queries, nor a list for counts beside it or for the other store; a simulation must be cancellable alone.
 */
const ANSWERED_ALONE = new Set([
  "status.parts",
  "traces.facetValues",
  "views.list",
  "deadLetters.badge",
  "gatePolicies.lint",
  "gatePolicies.simulate",
]);

/** A typed client of a console's tRPC endpoint; `url` ends in `/api/trpc`. */
export function createSignalboxClient(url: string) {
  // A query may name many long ids, and URLs have a length limit.
  const to = { url, transformer: plainJson, methodOverride: "POST" } as const;
  return createTRPCClient<AppRouter>({
    links: [splitLink({ condition: ({ path }) => ANSWERED_ALONE.has(path), true: httpLink(to), false: httpBatchLink(to) })],
  });
}
