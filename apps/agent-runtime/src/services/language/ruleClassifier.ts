import type { Cue } from "../../domains/domain.ts";
import { requireDomain } from "../../domains/domains.ts";
import { type IntentClassifier, type IntentGuess, roundShare } from "./intentClassifier.ts";

/** What a message says nothing about weighs this much: a single weak cue is no certainty. */
const DOUBT = 0.5;

/**
 * The intent that most of a message's words speak for. `confidence` is its
 * share of all that speaks for something; where nothing does, it abstains.
 */
function recogniseIntent(cues: readonly Cue[], message: string): IntentGuess {
  const weights = new Map<string, number>();
  for (const { intent, words, weight } of cues) if (words.test(message)) weights.set(intent, (weights.get(intent) ?? 0) + weight);

  const [best] = [...weights].sort(([, a], [, b]) => b - a);
  if (best === undefined) return { intent: "unknown", confidence: 0, abstained: true, basis: "cues" };
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, DOUBT);
  return { intent: best[0], confidence: roundShare(best[1] / all), abstained: false, basis: "cues" };
}

/** The intents of every domain by its cues. */
export const RULE_CLASSIFIER: IntentClassifier = {
  classify: async ({ domain, message }) => recogniseIntent(requireDomain(domain).cues, message),
};
