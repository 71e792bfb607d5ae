import { expect, test } from "vitest";
import { understandMessage } from "./languageService.ts";

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
])("%s", (message, intent, slots) => {
  const understanding = understandMessage(message);
  expect(understanding.intent).toBe(intent);
  expect(understanding.slots).toEqual(slots);
  expect(understanding.confidence).toBeGreaterThan(0.4);
});

test("a message that says nothing of what it wants is unknown, and confidence says so", () => {
  expect(understandMessage("Wann öffnet die Lounge?")).toEqual({ intent: "unknown", confidence: 0, slots: {} });
});

test("a message that speaks for two intents is less sure than one that speaks for one", () => {
  const sure = understandMessage("Cancel reservation K2X4YZ").confidence;
  expect(understandMessage("Cancel reservation K2X4YZ or move it").confidence).toBeLessThan(sure);
});
