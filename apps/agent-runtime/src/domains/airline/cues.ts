import type { Cue } from "../domain.ts";

/** The cues for each intent of an airline's customers. */
export const CUES: readonly Cue[] = [
  { intent: "cancel_reservation", words: /\b(cancel|call off|refund)\b/i, weight: 3 },
  { intent: "change_baggage", words: /\b(bags?|baggage|luggage|suitcases?)\b/i, weight: 2 },
  { intent: "change_baggage", words: /\b(add|check in|bring)\b/i, weight: 2 },
  { intent: "change_flight", words: /\b(move|change|reschedule|switch|rebook)\b/i, weight: 3 },
  { intent: "book_flight", words: /\b(book|buy|reserve)\b/i, weight: 5 },
  { intent: "search_flights", words: /\b(which|what|show|list|find)\b.*\bflights?\b/i, weight: 3 },
  { intent: "check_reservation", words: /\b(status|details|look up|tell me about|itinerary)\b/i, weight: 3 },
  { intent: "speak_to_human", words: /\b(human|real person|supervisor|manager|complaint|compensation)\b/i, weight: 6 },
];
