"use client";
import { TELEMETRY_STORE } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "../../../../components/ui/state/ErrorState.tsx";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "./TraceListSkeleton.tsx";

const POLL_MS = 2_000;

const STORE_AWAY = {
  code: "upstream_unavailable",
  message: "The telemetry store does not answer.",
  hint: "This page comes by itself once it does.",
};

/**
 * The placeholder of a list, or another one, while it is loading. It reports a store that is known to be away, which a hanging query would
 * report late.
 */
export function PendingTraceList({ onRetry, children = <TraceListSkeleton /> }: { onRetry: () => void; children?: ReactNode }) {
  const trpc = useTRPC();
  const parts = useQuery(trpc.status.parts.queryOptions(undefined, { refetchInterval: POLL_MS }));
  const isStoreAway = parts.data?.some(({ name, state }) => name === TELEMETRY_STORE && state === "down") === true;
  return isStoreAway ? <ErrorState failure={STORE_AWAY} onRetry={onRetry} /> : children;
}
