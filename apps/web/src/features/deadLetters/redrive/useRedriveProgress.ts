"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRedrives } from "./useRedrives.ts";

/** Has the letters and groups that are shown read anew whenever a redrive of the project has moved on. */
export function useRedriveProgress(project: string): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useRedrives(project);
  const progress = data === undefined ? null : JSON.stringify(data.map(({ id, state, counts }) => [id, state, counts]));
  const seen = useRef<string | null>(null);
  useEffect(() => {
    const hasMoved = seen.current !== null && progress !== null && seen.current !== progress;
    seen.current = progress ?? seen.current;
    if (!hasMoved) return;
    const { letter, letters, groups, badge } = trpc.deadLetters;
    for (const shown of [letter, letters, groups, badge]) void queryClient.invalidateQueries({ queryKey: shown.pathKey() });
  }, [progress, queryClient, trpc]);
}
