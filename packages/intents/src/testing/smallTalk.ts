import type { IntentModel } from "../intentModel.ts";
import type { Example } from "../training/holdOut.ts";
import { trainIntentModel } from "../training/trainIntentModel.ts";

const THINGS = ["card", "account", "transfer", "statement", "loan", "cheque", "deposit", "pension", "fee", "rate", "branch", "limit"];
const PHRASES: Readonly<Record<string, (thing: string) => string>> = {
  close: (thing) => `please close my ${thing} for good`,
  open: (thing) => `I would like to open a new ${thing}`,
  where: (thing) => `where do I find the ${thing}?`,
};

/** Twelve examples of three intents each. */
export const SMALL_TALK: readonly Example[] = Object.entries(PHRASES).flatMap(([intent, phrase]) =>
  THINGS.map((thing) => ({ text: phrase(thing), intent })),
);

/** Examples outside of the three intents. */
export const OFF_TOPIC: readonly Example[] = ["how tall is a giraffe", "sing a song", "what rhymes with orange"].map((text) => ({
  text,
  intent: null,
}));

/** A model of small talk, made in a moment. */
export function trainSmallTalk(more: Partial<Parameters<typeof trainIntentModel>[0]> = {}): Promise<IntentModel> {
  return trainIntentModel({ training: SMALL_TALK, validation: [], outOfScopeRefused: 0.8, seed: 1, onProgress: async () => {}, ...more });
}
