import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { classification, classificationChoices } from "./classification.ts";

test("the expected class passes, with or without white space around it; another one and none do not", () => {
  const score = classification.make({});
  const item = anItem({ expectedOutput: "card_lost" });
  expect(score(item, anAnswer({ output: " card_lost\n" }))).toMatchObject({ passed: true });
  expect(score(item, anAnswer({ output: "card_stolen" }))).toMatchObject({ explanation: 'expected "card_lost", got "card_stolen"' });
  expect(score(item, anAnswer({ output: null }))).toMatchObject({ passed: false });
  expect(score(anItem({ expectedOutput: 3 }), anAnswer({ output: 3 }))).toMatchObject({ passed: false });
});

test("an object names its class in a field, a text is one", () => {
  const score = classification.make({ field: "intent" });
  const item = anItem({ expectedOutput: "card_lost" });
  expect(score(item, anAnswer({ output: { intent: "card_lost", confidence: 0.9 } }))).toMatchObject({ passed: true });
  expect(score(item, anAnswer({ output: { label: "card_lost" } }))).toMatchObject({ passed: false });
});

test("the scorers that a report is made for are told by name", () => {
  const choices = [
    { name: "exact", options: {} },
    { name: "classification", options: {} },
    { name: "classification", as: "topic", options: { field: "topic" } },
  ];
  expect(classificationChoices(choices)).toEqual([
    { name: "classification", field: null },
    { name: "topic", field: "topic" },
  ]);
});
