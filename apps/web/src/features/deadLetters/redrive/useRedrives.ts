"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

const POLL_MS = { underWay: 2_000, idle: 15_000 } as const;

/** The most redrives under way that are shown. */
export const UNDER_WAY_MAX = 200;

/** The unfinished redrives of a project, refetched sooner while one is running. */
export function useRedrivesUnderWay(project: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.deadLetters.redrives.queryOptions(
      { project, isUnderWay: true, limit: UNDER_WAY_MAX },
      {
        refetchInterval: ({ state }) =>
          state.data?.some((redrive) => redrive.state === "running") === true ? POLL_MS.underWay : POLL_MS.idle,
      },
    ),
  );
}

/** The last `limit` redrives of a project, finished or not. */
export function useRedrives(project: string, limit: number) {
  const trpc = useTRPC();
  return useQuery(
    trpc.deadLetters.redrives.queryOptions({ project, limit }, { refetchInterval: POLL_MS.idle, placeholderData: keepPreviousData }),
  );
}
