"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";

/** What follows an act on dead letters that succeeded: all that is shown of them is asked for again, and the dialog closes. */
export function useSettled(onClose: () => void): { onSuccess: () => Promise<void> } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return {
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.deadLetters.pathKey() });
      onClose();
    },
  };
}
