import type { Understanding } from "@signalbox/model";

/** What a message is taken to want. */
export type IntentGuess = Omit<Understanding, "slots">;

/**
 * Tells what a message wants, how sure that is, and when it would rather not say. The same message always gives the same guess.
 * Implementations: rules, and a model that was trained; one that asks another machine may take its time.
 */
export interface IntentClassifier {
  classify(request: { domain: string; message: string }): Promise<IntentGuess>;
}

/** A share with as many digits as a person reads: they are on record for every task. */
export function roundShare(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
