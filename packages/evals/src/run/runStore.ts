import type { EvalResult } from "@signalbox/model";

/** A try of an item of a run, by its places. */
export interface TryPlace {
  readonly position: number;
  readonly trial: number;
}

/** Where a run keeps what it did. Both acts are on disk when they resolve, and may be repeated. */
export interface RunStore {
  /** Writes down that a try is about to be made; false if it has its result already. */
  claim(place: TryPlace): Promise<boolean>;
  /** Writes down the result of a claimed try; the first one stays. */
  finish(result: EvalResult): Promise<void>;
}

/** A store in memory, for runs that nobody takes up again. Results are in the order in which they came. */
export function openMemoryRunStore(): RunStore & { readonly results: readonly EvalResult[] } {
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
