import type { IntentClassifier } from "./intentClassifier.ts";

/** Boundaries between wishes: a full stop, a question mark, a semicolon, or a joining phrase. */
const BETWEEN_WISHES = /[.!?;]\s+|\b(?:and then|and also|also|as well as|after that|besides)\b/i;

/** The least confidence at which a part of a message counts as a wish of its own. */
const SURE = 0.5;

/**
 * Classifies each part of a message separately too: an intent that a part surely has and the whole does not is added to `alsoWants`. This
 * is a rule of thumb: two wishes without a boundary between them count as one.
 */
export function noticeSeveral(classifier: IntentClassifier): IntentClassifier {
  return {
    async classify({ domain, message }) {
      const guess = await classifier.classify({ domain, message });
      const parts = message.split(BETWEEN_WISHES).filter((part) => part.trim() !== "");
      if (guess.abstained || parts.length < 2) return guess;
      const others = new Set<string>();
      for (const part of parts) {
        const { intent, confidence, abstained } = await classifier.classify({ domain, message: part });
        if (!abstained && confidence >= SURE && intent !== guess.intent) others.add(intent);
      }
      return others.size === 0 ? guess : { ...guess, alsoWants: [...others] };
    },
  };
}
