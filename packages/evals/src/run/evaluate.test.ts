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

test("an answer that a scorer could not score is in no figure, and one that it never could fails the evaluation", async () => {
  const closed = (failsAt: number) => ({
    name: "closed",
    score: (_: unknown, { output }: { output: unknown }) =>
      Number(output) >= failsAt ? { value: 0, passed: false, explanation: "no score: no key", isFailure: true as const } : 1,
  });
  const evaluated = (failsAt: number) =>
    evaluate({ items: [{ input: 0 }, { input: 1 }, { input: 2 }], target: (input: number) => input, scorers: [closed(failsAt)] });
  const { scores, results } = await evaluated(2);
  expect(scores.closed).toMatchObject({ mean: { value: 1 }, tries: 2, units: 2, unscored: 1 });
  expect(results[2]?.scores).toEqual([{ name: "closed", value: 0, passed: null, explanation: "no score: no key", isFailure: true }]);
  await expect(evaluated(0)).rejects.toThrow("The scorer closed could score none of 3 answers. Of the first it says: no score: no key");
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
