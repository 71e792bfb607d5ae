"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const POLL_MS = 5_000;

/** The pauses that apply to a project's tasks, polled. */
export function usePauses(project: string) {
  const trpc = useTRPC();
  return useQuery(trpc.queue.pauses.queryOptions({ project }, { refetchInterval: POLL_MS }));
}
