import { type IntentClassifier, type IntentGuess, roundShare } from "./intentClassifier.ts";

/** What a customer may want. `unknown` is for a message that speaks for nothing of it. */
export const INTENTS = [
  "cancel_reservation",
  "change_baggage",
  "change_flight",
  "book_flight",
  "search_flights",
  "check_reservation",
  "speak_to_human",
] as const;
export type Intent = (typeof INTENTS)[number];

/** Words that speak for an intent; `weight` says how strongly. */
const CUES: readonly { intent: Intent; words: RegExp; weight: number }[] = [
  { intent: "cancel_reservation", words: /\b(cancel|call off|refund)\b/i, weight: 3 },
  { intent: "change_baggage", words: /\b(bags?|baggage|luggage|suitcases?)\b/i, weight: 2 },
  { intent: "change_baggage", words: /\b(add|check in|bring)\b/i, weight: 2 },
  { intent: "change_flight", words: /\b(move|change|reschedule|switch|rebook)\b/i, weight: 3 },
  { intent: "book_flight", words: /\b(book|buy|reserve)\b/i, weight: 5 },
  { intent: "search_flights", words: /\b(which|what|show|list|find)\b.*\bflights?\b/i, weight: 3 },
  { intent: "check_reservation", words: /\b(status|details|look up|tell me about|itinerary)\b/i, weight: 3 },
  { intent: "speak_to_human", words: /\b(human|real person|supervisor|manager|complaint|compensation)\b/i, weight: 6 },
];

/** What a message says nothing about weighs this much: a single weak cue is no certainty. */
const DOUBT = 0.5;

/** The intent that most of a message's words speak for. `confidence` is its share of all that speaks for something; where nothing does, it abstains. */
export function recogniseIntent(message: string): IntentGuess {
  const weights = new Map<Intent, number>();
  for (const { intent, words, weight } of CUES) if (words.test(message)) weights.set(intent, (weights.get(intent) ?? 0) + weight);

  const [best] = [...weights].sort(([, a], [, b]) => b - a);
  if (best === undefined) return { intent: "unknown", confidence: 0, abstained: true, basis: "cues" };
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, DOUBT);
  return { intent: best[0], confidence: roundShare(best[1] / all), abstained: false, basis: "cues" };
}

/** The airline's intents by rules. */
export const RULE_CLASSIFIER: IntentClassifier = { classify: async (message) => recogniseIntent(message) };
