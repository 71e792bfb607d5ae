"use client";
import { type AppRouter, createSignalboxClient } from "@signalbox/api/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import { failureOf } from "./failureOf.ts";

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

export { useTRPC };

const RETRIES_MAX = 2;
const RETRYABLE = new Set(["upstream_unavailable", "unreachable"]);

/** The cache of server state for the whole console. An error that a retry cannot help fails at once. */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 5_000,
            // The console's server is on this machine, so even an offline browser can reach it.
            networkMode: "always",
            refetchOnWindowFocus: false,
            retry: (failures, error) => failures < RETRIES_MAX && RETRYABLE.has(failureOf(error).code),
            retryDelay: 500,
          },
          mutations: { networkMode: "always" },
        },
      }),
  );
  const [client] = useState(() => createSignalboxClient("/api/trpc"));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
