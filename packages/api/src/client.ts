import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "./appRouter.ts";

export type { AppRouter, RouterInputs, RouterOutputs } from "./appRouter.ts";
export { LIST_LIMITS } from "./listLimits.ts";
export type { ConversationEntry } from "./traces/conversation.ts";
export type { EmptyList } from "./traces/explainEmptyList.ts";

/** A typed client of a console's tRPC endpoint; `url` ends in `/api/trpc`. */
export function createSignalboxClient(url: string) {
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, transformer: superjson, maxURLLength: 8_000 })] });
}
