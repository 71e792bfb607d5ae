"use client";
import { TELEMETRY_STORE } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "../../../components/ui/ErrorState.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "./TraceListSkeleton.tsx";

const POLL_MS = 2_000;

const STORE_AWAY = {
  code: "upstream_unavailable",
  message: "The telemetry store does not answer.",
  hint: "The list comes by itself once it does.",
};

/** The list's shape while it is waited for; says so when it is known that its store is away, which a query that hangs tells late. */
export function PendingTraceList({ onRetry }: { onRetry: () => void }) {
  const trpc = useTRPC();
  const parts = useQuery(trpc.status.parts.queryOptions(undefined, { refetchInterval: POLL_MS }));
  const isStoreAway = parts.data?.some(({ name, state }) => name === TELEMETRY_STORE && state === "down") === true;
  return isStoreAway ? <ErrorState failure={STORE_AWAY} onRetry={onRetry} /> : <TraceListSkeleton />;
}
