import type { Cue } from "../../domains/domain.ts";
import { requireDomain } from "../../domains/domains.ts";
import { type IntentClassifier, type IntentGuess, roundShare } from "./intentClassifier.ts";

/** Weight of the doubt in every message: a single weak cue must not be a certainty. */
const DOUBT = 0.5;

/**
 * The intent with the most weight of cues in a message. `confidence` is its share of the weight of all cues and the doubt; without any cue
 * the classifier abstains.
 */
function recogniseIntent(cues: readonly Cue[], message: string): IntentGuess {
  const weights = new Map<string, number>();
  for (const { intent, words, weight } of cues) if (words.test(message)) weights.set(intent, (weights.get(intent) ?? 0) + weight);

  const [best] = [...weights].sort(([, a], [, b]) => b - a);
  if (best === undefined) return { intent: "unknown", confidence: 0, abstained: true, basis: "cues" };
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, DOUBT);
  return { intent: best[0], confidence: roundShare(best[1] / all), abstained: false, basis: "cues" };
}

/** A classifier by rules: each domain's cues decide. */
export const RULE_CLASSIFIER: IntentClassifier = {
  classify: async ({ domain, message }) => recogniseIntent(requireDomain(domain).cues, message),
};
