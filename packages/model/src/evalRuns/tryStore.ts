import type { EvalResult } from "./evalResult.ts";

/** Identifies a try of a run by the place of its item and its trial number. */
export interface TryPlace {
  readonly position: number;
  readonly trial: number;
}

/** A run's durable record of its tries. Both calls are on disk when they resolve, and are idempotent. */
export interface TryStore {
  /** Records that a try is about to be made; false if it already has its result. */
  claim(place: TryPlace): Promise<boolean>;
  /** Records the result of a claimed try; the first one stays. */
  finish(result: EvalResult): Promise<void>;
}
