import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import type { AppRouter } from "./appRouter.ts";
import { plainJson } from "./plainJson.ts";

export type { ConversationEntry } from "@signalbox/model";
export type { AppRouter, RouterInputs, RouterOutputs } from "./appRouter.ts";
export { KEPT_TRACES_MAX, LIST_LIMITS, UPLOAD_CHARS_MAX } from "./listLimits.ts";
export { TELEMETRY_STORE } from "./status/partNames.ts";
export type { EmptyList } from "./traces/explainEmptyList.ts";

/**
 * A batch is answered when its slowest call is: whether a store is there must not wait for what the store was
 * asked, nor a list for what is counted beside it or comes from the other store; a simulation is called off alone.
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
  // A question may name many long ids, and an address has a limit.
  const to = { url, transformer: plainJson, methodOverride: "POST" } as const;
  return createTRPCClient<AppRouter>({
    links: [splitLink({ condition: ({ path }) => ANSWERED_ALONE.has(path), true: httpLink(to), false: httpBatchLink(to) })],
  });
}
