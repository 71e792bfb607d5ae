import type { IntentClassifier } from "./intentClassifier.ts";

/** Where one wish ends and the next begins: a full stop, a question mark, a semicolon, or words that say so. */
const BETWEEN_WISHES = /[.!?;]\s+|\b(?:and then|and also|also|as well as|after that|besides)\b/i;

/** How sure a part of a message must be understood to count as a wish of its own. */
const SURE = 0.5;

/**
 * Looks at each part of a message by itself, too: what a part surely wants, and the whole
 * does not, is in `alsoWants`. It is a rule of thumb: two wishes in one breath are one.
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
