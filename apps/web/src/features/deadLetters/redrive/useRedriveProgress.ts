"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRedrivesUnderWay } from "./useRedrives.ts";

/** Refetches the shown letters and groups whenever a redrive of the project has advanced. */
export function useRedriveProgress(project: string): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useRedrivesUnderWay(project);
  const progress = data === undefined ? null : JSON.stringify(data.map(({ id, state, counts }) => [id, state, counts]));
  const seen = useRef<string | null>(null);
  useEffect(() => {
    const hasMoved = seen.current !== null && progress !== null && seen.current !== progress;
    seen.current = progress ?? seen.current;
    if (!hasMoved) return;
    const { letter, letters, groups, badge, redrives } = trpc.deadLetters;
    for (const shown of [letter, letters, groups, badge, redrives]) void queryClient.invalidateQueries({ queryKey: shown.pathKey() });
  }, [progress, queryClient, trpc]);
}
