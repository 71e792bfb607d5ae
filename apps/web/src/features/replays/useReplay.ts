"use client";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import type { FullReplay } from "./words.ts";

const POLL_MS = 1_500;

/** A replay, polled until it has ended. */
export function useReplay(project: string, id: string): UseQueryResult<FullReplay, unknown> {
  const trpc = useTRPC();
  return useQuery(
    trpc.replays.get.queryOptions(
      { project, id },
      {
        refetchInterval: ({ state: { data } }) => (data?.status === "pending" || data?.status === "running" ? POLL_MS : false),
      },
    ),
  );
}
