import { expect, test } from "vitest";
import { readScorers, SCORERS } from "./scorers.ts";

test("names are distinct, and each says what it judges", () => {
  const names = SCORERS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(SCORERS.filter(({ summary }) => summary === "")).toEqual([]);
});

test("an unknown scorer, and an option that it does not have, are named", () => {
  expect(() => readScorers([{ name: "exakt", options: {} }])).toThrow("There is no scorer named exakt.");
  expect(() => readScorers([{ name: "latency", options: { maxSeconds: 1 } }])).toThrow("The scorer latency cannot be told that");
});

test("one scorer may be asked for twice under different names", () => {
  const twice = [
    { name: "rouge", options: { kind: "1" } },
    { name: "rouge", options: { kind: "l" } },
  ];
  expect(() => readScorers(twice)).toThrow("Two scorers of this run are called rouge.");
  expect(
    readScorers(
      [twice[0], { ...twice[1], as: "rouge_l" }].filter((one) => one !== undefined).map((one) => ({ options: {}, name: "rouge", ...one })),
    ).map(({ name }) => name),
  ).toEqual(["rouge", "rouge_l"]);
});
