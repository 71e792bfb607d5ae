import { expect, test } from "vitest";
import type { ChatRequest } from "../../chat/chatEndpoint.ts";
import { systemClock } from "../../clock.ts";
import { openLanguageService } from "./languageService.ts";
import { openModelClassifier } from "./modelClassifier.ts";

function answering(content: string) {
  const asked: ChatRequest[] = [];
  const endpoint = {
    provider: "openai",
    complete: async (request: ChatRequest) => {
      asked.push(request);
      const usage = { inputTokens: 90, outputTokens: 12, cachedTokens: 0, reasoningTokens: 0 };
      return { answer: { model: "gpt-4o-mini", content, toolCalls: [], finishReason: "stop", usage }, isReplayed: false };
    },
  };
  const settings = { model: "gpt-4o-mini", temperature: 0 };
  return { asked, ...openLanguageService(openModelClassifier(endpoint, settings, systemClock)) };
}

test("a model's verdict is a guess with the model's own confidence, and reports its usage", async () => {
  const { asked, understand } = answering('{"intents":["cancel_reservation"],"confidence":0.87654}');
  expect(await understand({ domain: "airline", message: "Drop reservation K2X4YZ" })).toEqual({
    intent: "cancel_reservation",
    confidence: 0.877,
    abstained: false,
    basis: "stated",
    slots: { reservation_id: "K2X4YZ" },
    modelUse: expect.objectContaining({ inputTokens: 90, outputTokens: 12, call: expect.objectContaining({ isEstimate: false }) }),
  });
  expect(asked[0]).toMatchObject({ temperature: 0, messages: [{ content: expect.stringContaining("- book_flight") }, {}] });
});

test("words and a fence around the verdict do no harm, and a second intent is named", async () => {
  const { understand } = answering('Sure!\n```json\n{"intents":["book_flight","cancel_reservation"],"confidence":0.9}\n```');
  expect(await understand({ domain: "airline", message: "m" })).toMatchObject({
    intent: "book_flight",
    alsoWants: ["cancel_reservation"],
    abstained: false,
  });
});

test("a model that is not sure abstains, and its best guess is kept", async () => {
  const { understand } = answering('{"intents":["book_flight"],"confidence":0.3}');
  expect(await understand({ domain: "airline", message: "m" })).toMatchObject({ intent: "book_flight", confidence: 0.3, abstained: true });
});

test.each([
  ["no JSON", "I would say booking."],
  ["JSON of another shape", '{"intent":"book_flight"}'],
  ["an intent that there is not", '{"intents":["delete_database"],"confidence":1}'],
  ["one that there is not beside one that there is", '{"intents":["book_flight","delete_database"],"confidence":1}'],
  ["a confidence beyond one", '{"intents":["book_flight"],"confidence":17}'],
  ["no intent", '{"intents":[],"confidence":1}'],
  ["nothing", ""],
])("%s is an abstention without confidence", async (_name, content) => {
  const { understand } = answering(content);
  expect(await understand({ domain: "airline", message: "m" })).toMatchObject({
    intent: "unknown",
    confidence: 0,
    abstained: true,
    basis: "stated",
  });
});
