import { expect, test } from "vitest";
import { missingScores, type ScoredTry } from "./missingScores.ts";

const tries = (count: number, isFailed: boolean, ...scorers: string[]): ScoredTry[] => Array(count).fill({ isFailed, scorers });
const saidOf = (one: ScoredTry | undefined, all: readonly ScoredTry[]) =>
  one && missingScores(all)(one).map(({ name, passed, isFailure }) => [name, isFailure ? "unscored" : passed]);

test("one thumb among a hundred failed tries makes no other a failure by it", () => {
  const all = [...tries(1, true, "thumb"), ...tries(99, true)];
  expect(saidOf(all[0], all)).toEqual([]);
  expect(saidOf(all[50], all)).toEqual([["thumb", "unscored"]]);
});

test("a failed try has 0 of what scored the answered ones, though it threw on some of these, which it could not score", () => {
  const [thrown] = tries(1, false);
  const [failed] = tries(1, true);
  const all = [...tries(95, false, "right"), ...tries(5, false), ...tries(20, true)];
  expect([saidOf(thrown, all), saidOf(failed, all)]).toEqual([[["right", "unscored"]], [["right", false]]]);
});

test("of what scored some of the answered tries alone a failed one has no score", () => {
  const all = [...tries(50, false, "right", "sparse"), ...tries(50, false, "right"), ...tries(1, true)];
  expect(saidOf(all.at(-1), all)).toEqual([
    ["right", false],
    ["sparse", "unscored"],
  ]);
  expect(missingScores([])({ isFailed: true, scorers: [] })).toEqual([]);
});
