"use client";
import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

type SavedView = RouterOutputs["views"]["list"][number];
type Change = RouterInputs["views"]["change"]["change"];

/** Puts a view into what is known of a project's views, so that the list finds it before they are asked for again. */
export function useKnownViews(project: string): { put: (view: SavedView) => void; drop: (id: string) => void } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queryKey = trpc.views.list.queryKey({ project });
  const byName = (a: SavedView, b: SavedView): number => a.name.localeCompare(b.name);
  const others = (old: SavedView[] | undefined, id: string): SavedView[] => (old ?? []).filter((known) => known.id !== id);
  return {
    put: (view) =>
      queryClient.setQueryData(queryKey, (old) =>
        [...others(old, view.id).map((other) => (view.isDefault ? { ...other, isDefault: false } : other)), view].sort(byName),
      ),
    drop: (id) => queryClient.setQueryData(queryKey, (old) => others(old, id)),
  };
}

/** Changes a view, and tells in words when that failed. */
export function useViewChanges(project: string) {
  const trpc = useTRPC();
  const known = useKnownViews(project);
  const changing = useMutation(trpc.views.change.mutationOptions());
  return {
    change: (id: string, change: Change, onDone: (saved: SavedView) => void = () => undefined): void =>
      changing.mutate(
        { id, change },
        {
          onSuccess: (saved) => {
            known.put(saved);
            onDone(saved);
          },
        },
      ),
    failure: changing.isError ? failureOf(changing.error).message : null,
  };
}
