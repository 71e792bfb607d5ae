import type { EvalResult, TryPlace, TryStore } from "@signalbox/model";

/** A store in memory, for runs that are never resumed. Results are in the order of their arrival. */
export function openMemoryTryStore(): TryStore & { readonly results: readonly EvalResult[] } {
  const results: EvalResult[] = [];
  const finished = new Set<string>();
  const keyOf = ({ position, trial }: TryPlace): string => `${position}/${trial}`;
  return {
    results,
    claim: async (place) => !finished.has(keyOf(place)),
    finish: async (result) => {
      if (finished.has(keyOf(result))) return;
      finished.add(keyOf(result));
      results.push(result);
    },
  };
}
