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

test.each([
  ["concurrency", { concurrency: 0 }],
  ["concurrency", { concurrency: Number.NaN }],
  ["trials", { trials: 0 }],
])("no try can be made with such a %s: it is refused", async (option, pace) => {
  const evaluated = evaluate({ items: [{ input: 1 }], target: () => 1, scorers: ["exact"], ...pace });
  await expect(evaluated).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining(option) });
});

test("an option that is undefined is as if it were left out", async () => {
  const options = { concurrency: undefined, trials: undefined } as unknown as { concurrency: number };
  expect(
    (await evaluate({ items: [{ input: 1, expectedOutput: 1 }], target: () => 1, scorers: ["exact"], ...options })).results,
  ).toHaveLength(1);
});

test("two items of one id are refused", async () => {
  const items = [{ id: "2", input: 1, expectedOutput: 1 }, { input: 2 }];
  await expect(evaluate({ items, target: () => 1, scorers: ["exact"] })).rejects.toThrow("Item 2 has the id 2");
});
