import type { EvalResult } from "./evalResult.ts";

/** A try of an item of a run, by its places. */
export interface TryPlace {
  readonly position: number;
  readonly trial: number;
}

/** Where a run keeps what it did. Both acts are on disk when they resolve, and may be repeated. */
export interface TryStore {
  /** Writes down that a try is about to be made; false if it has its result already. */
  claim(place: TryPlace): Promise<boolean>;
  /** Writes down the result of a claimed try; the first one stays. */
  finish(result: EvalResult): Promise<void>;
}
