"use client";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";

/**
 * What follows an act that succeeded, for its `mutationOptions`: all that is shown under a
 * key is asked for again, and then comes `next`, with what the act answered and was given.
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
