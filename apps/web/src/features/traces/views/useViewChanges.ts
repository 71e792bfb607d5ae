"use client";
import type { RouterInputs, RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

type SavedView = RouterOutputs["views"]["list"][number];
type Change = RouterInputs["views"]["change"]["change"];

/** Updates the cached views of a project, so that the list finds a view before they are refetched. */
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

/** Changes a view, and reports a failure in words. */
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
