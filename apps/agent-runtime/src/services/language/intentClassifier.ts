import type { Understood } from "@signalbox/model";

/** The intent that a message is taken to have, with the usage of the model, if one was called. */
export type IntentGuess = Omit<Understood, "slots">;

/**
 * Classifies the intent of a message, with a confidence and its basis, and may abstain. Rules and a trained model always give the same
 * guess for the same message; a language model does so only when played from cassettes, and may take long, until `halt` is aborted.
 */
export interface IntentClassifier {
  classify(request: { domain: string; message: string }, halt?: AbortSignal): Promise<IntentGuess>;
}

/** Rounds a share to as many digits as a person reads: it is recorded for every task. */
export function roundShare(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
