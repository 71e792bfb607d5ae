import { createTRPCClient, httpBatchLink, httpLink, splitLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "./appRouter.ts";

export type { AppRouter, RouterInputs, RouterOutputs } from "./appRouter.ts";
export { LIST_LIMITS } from "./listLimits.ts";
export { TELEMETRY_STORE } from "./status/partNames.ts";
export type { ConversationEntry } from "./traces/conversation.ts";
export type { EmptyList } from "./traces/explainEmptyList.ts";

/** A batch is answered when its slowest call is: whether a store is there must not wait for what the store was asked. */
const isAboutParts = ({ path }: { path: string }): boolean => path === "status.parts";

/** A typed client of a console's tRPC endpoint; `url` ends in `/api/trpc`. */
export function createSignalboxClient(url: string) {
  const to = { url, transformer: superjson };
  return createTRPCClient<AppRouter>({
    links: [splitLink({ condition: isAboutParts, true: httpLink(to), false: httpBatchLink({ ...to, maxURLLength: 8_000 }) })],
  });
}
