"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const POLL_MS = 5_000;

/** What holds a project's tasks, asked for again every few seconds. */
export function usePauses(project: string) {
  const trpc = useTRPC();
  return useQuery(trpc.queue.pauses.queryOptions({ project }, { refetchInterval: POLL_MS }));
}
