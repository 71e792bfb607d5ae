import { expect, test } from "vitest";
import { missingScores, type ScoredTry } from "./missingScores.ts";

const tries = (count: number, isFailed: boolean, ...scorers: string[]): ScoredTry[] => Array(count).fill({ isFailed, scorers });
const saidOf = (one: ScoredTry | undefined, all: readonly ScoredTry[]) =>
  one && missingScores(all)(one).map(({ name, passed, isFailure }) => [name, isFailure ? "unscored" : passed]);

test("a score that one of a hundred failed tries has does not count as 0 for the others", () => {
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

test("a failed try is unscored, not 0, by a scorer that scored only some of the answered tries", () => {
  const all = [...tries(50, false, "right", "sparse"), ...tries(50, false, "right"), ...tries(1, true)];
  expect(saidOf(all.at(-1), all)).toEqual([
    ["right", false],
    ["sparse", "unscored"],
  ]);
  expect(missingScores([])({ isFailed: true, scorers: [] })).toEqual([]);
});
