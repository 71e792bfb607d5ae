"use client";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";

/**
 * The `mutationOptions` for an act whose success refetches everything under a query key, and then calls `next` with the act's result and
 * input.
 */
export function useRefresh<Answer, Given>(
  queryKey: QueryKey,
  next: (answer: Answer, given: Given) => void = () => undefined,
): { onSuccess: (answer: Answer, given: Given) => Promise<void> } {
  const queryClient = useQueryClient();
  return {
    onSuccess: async (answer, given) => {
      await queryClient.invalidateQueries({ queryKey });
      next(answer, given);
    },
  };
}
