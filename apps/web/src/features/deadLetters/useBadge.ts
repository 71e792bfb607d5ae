"use client";
import { useQuery } from "@tanstack/react-query";
import { useProject } from "../../project/useProject.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const POLL_MS = 10_000;

/** The number of open dead letters of the project, polled; undefined until it is known. */
export function useBadge() {
  const trpc = useTRPC();
  const project = useProject();
  return useQuery(trpc.deadLetters.badge.queryOptions({ project }, { refetchInterval: POLL_MS })).data;
}
