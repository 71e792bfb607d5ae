"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

/** Rules make redrives every few seconds: how much of their budgets is used is asked again and again. */
const POLL_MS = 5_000;

/** The rules of a project, by name. */
export function useRules(project: string) {
  const trpc = useTRPC();
  return useQuery(trpc.deadLetters.rules.list.queryOptions({ project }, { refetchInterval: POLL_MS }));
}

/** So many groups are offered for a rule, those that failed last. */
const GROUPS_MAX = 200;

/** Groups of a project's dead letters, to tell them by their messages. */
export function useKnownGroups(project: string) {
  const trpc = useTRPC();
  return useQuery(trpc.deadLetters.groups.queryOptions({ project, limit: GROUPS_MAX }, { staleTime: 60_000 })).data?.groups ?? [];
}
