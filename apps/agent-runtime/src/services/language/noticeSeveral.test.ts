import { expect, test } from "vitest";
import { noticeSeveral } from "./noticeSeveral.ts";
import { RULE_CLASSIFIER } from "./ruleClassifier.ts";

const { classify } = noticeSeveral(RULE_CLASSIFIER);

test("a message that asks for two things names both", async () => {
  const guess = await classify({ domain: "airline", message: "Please cancel my reservation K2X4YZ. And also book me a seat to JFK." });
  expect([guess.intent, ...(guess.alsoWants ?? [])].sort()).toEqual(["book_flight", "cancel_reservation"]);
});

test.each([
  "Please cancel my reservation K2X4YZ. User ada_abara_1001.",
  "Hello! Can I talk to a human, please? ada_abara_1001",
  "Wann öffnet die Lounge? Und wo?",
])("%s asks for one thing, or for none", async (message) => {
  const request = { domain: "airline", message };
  expect(await classify(request)).toEqual(await RULE_CLASSIFIER.classify(request));
});
