"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

const POLL_MS = { underWay: 2_000, idle: 15_000 } as const;

/** The last redrives of a project, asked again the sooner while one is under way. */
export function useRedrives(project: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.deadLetters.redrives.queryOptions(
      { project },
      {
        refetchInterval: ({ state }) =>
          state.data?.some((redrive) => redrive.state === "running") === true ? POLL_MS.underWay : POLL_MS.idle,
      },
    ),
  );
}
