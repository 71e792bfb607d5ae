import type { Understood } from "@signalbox/model";

/** What a message is taken to want, and what the model took that was asked, where one was. */
export type IntentGuess = Omit<Understood, "slots">;

/**
 * Tells what a message wants, how sure that is and on which basis, and when it would rather not say. Rules and a trained model always give
 * the same guess for the same message; a language model does when it is played from cassettes, and takes its time, until `halt` is aborted.
 */
export interface IntentClassifier {
  classify(request: { domain: string; message: string }, halt?: AbortSignal): Promise<IntentGuess>;
}

/** A share with as many digits as a person reads: they are on record for every task. */
export function roundShare(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
