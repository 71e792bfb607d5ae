import { expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";

test("ten lines in one's own test", async () => {
  const { scores, results } = await evaluate({
    items: [
      { input: "2+2", expectedOutput: "4" },
      { input: "3*3", expectedOutput: "9" },
    ],
    target: (input: string) => (input === "2+2" ? "4" : "six"),
    scorers: ["exact", { name: "levenshtein", as: "near" }, { name: "short", score: (_item, { output }) => String(output).length < 3 }],
  });
  expect(scores.exact).toMatchObject({ passed: 1, tries: 2, mean: { value: 0.5 } });
  expect(scores.near).toMatchObject({ passed: null });
  expect(scores.short).toMatchObject({ passed: 1 });
  expect(results.map(({ itemId, output }) => [itemId, output])).toEqual([
    ["1", "4"],
    ["2", "six"],
  ]);
});

test("trials of an item give pass^k", async () => {
  const { passK } = await evaluate({
    items: [{ input: "a", expectedOutput: "a" }],
    target: (input: string, { trial }) => (trial === 0 ? input : "b"),
    scorers: ["exact"],
    trials: 2,
  });
  expect(passK.exact?.map(({ passHatK, passAtK }) => [passHatK.value, passAtK.value])).toEqual([
    [0.5, 0.5],
    [0, 1],
  ]);
});

test("no items and no scorers are said", async () => {
  await expect(evaluate({ items: [], target: () => 1, scorers: ["exact"] })).rejects.toThrow("There is no item to evaluate.");
  await expect(evaluate({ items: [{ input: 1 }], target: () => 1, scorers: [] })).rejects.toThrow("There is no scorer");
});
