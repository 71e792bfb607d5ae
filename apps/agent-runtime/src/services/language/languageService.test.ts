import { expect, test } from "vitest";
import { openLanguageService } from "./languageService.ts";
import { RULE_CLASSIFIER } from "./ruleClassifier.ts";

const { understand } = openLanguageService(RULE_CLASSIFIER);

test.each([
  [
    "Please cancel my reservation K2X4YZ. User ada_abara_1001.",
    "cancel_reservation",
    { reservation_id: "K2X4YZ", user_id: "ada_abara_1001" },
  ],
  ["I would like a refund for booking ABCDEF", "cancel_reservation", { reservation_id: "ABCDEF" }],
  ["Add two bags to trip K2X4YZ, charge my gift card", "change_baggage", { reservation_id: "K2X4YZ", bags: "2", payment: "gift_card" }],
  ["Move my reservation K2X4YZ to May 3rd", "change_flight", { reservation_id: "K2X4YZ", date: "2024-05-03" }],
  [
    "Book me a seat in basic economy from san francisco to JFK on 2024-05-20, without insurance and with 1 bag",
    "book_flight",
    { origin: "SFO", destination: "JFK", date: "2024-05-20", cabin: "basic_economy", insurance: "no", bags: "1" },
  ],
  ["Which flights go from Denver to Boston on May 17?", "search_flights", { origin: "DEN", destination: "BOS", date: "2024-05-17" }],
  ["I want to talk to a human about my last booking", "speak_to_human", {}],
])("%s", async (message, intent, slots) => {
  const understanding = await understand({ domain: "airline", message });
  expect(understanding.intent).toBe(intent);
  expect(understanding.slots).toEqual(slots);
  expect(understanding.abstained).toBe(false);
  expect(understanding.confidence).toBeGreaterThan(0.4);
});

test("a message that expresses no intent is unknown, with a low confidence", async () => {
  expect(await understand({ domain: "airline", message: "Wann öffnet die Lounge?" })).toEqual({
    intent: "unknown",
    confidence: 0,
    abstained: true,
    basis: "cues",
    slots: {},
  });
});

test("a message with cues for two intents gets a lower confidence than one with cues for a single intent", async () => {
  const { confidence: sure } = await understand({ domain: "airline", message: "Cancel reservation K2X4YZ" });
  const { confidence: unsure } = await understand({ domain: "airline", message: "Cancel reservation K2X4YZ or move it" });
  expect(unsure).toBeLessThan(sure);
});
