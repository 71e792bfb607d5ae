import { expect, test } from "vitest";
import { expectNonInferior } from "./expectNonInferior.ts";
import { aScoredRun, passes } from "./scoredRuns.ts";

const baseline = aScoredRun("old", passes([1, 240], [0, 60]));

test("a candidate that is shown to lose less than the margin passes", () => {
  expect(
    expectNonInferior(baseline, aScoredRun("new", passes([0, 2], [1, 241], [0, 57])), { margin: 0.05 }).metrics[0]?.isNonInferior,
  ).toBe(true);
});

test("one that is worse fails, and the message says by how much", () => {
  expect(() => expectNonInferior(baseline, aScoredRun("new", passes([0, 20], [1, 220], [0, 60])))).toThrow(
    /^passed changed by -0\.0667 \(90 % interval -0\.0944 to -0\.0466, 300 items\): it regressed\.$/,
  );
});

test("one that cannot be told fails with what could have been found, unless told to pass", () => {
  const [old, candidate] = [aScoredRun("old", passes([1, 12])), aScoredRun("new", passes([0, 1], [1, 11]))];
  expect(() => expectNonInferior(old, candidate)).toThrow(
    /not enough evidence to say that it differs; a loss of 0\.\d+ would be found 80 % of the time/,
  );
  expect(() => expectNonInferior(old, candidate, { onInconclusive: "pass" })).not.toThrow();
});

test("items that nobody could score are no evidence, whichever run they are in", () => {
  const unscored = (count: number) => ({
    name: "run",
    trials: baseline.trials.map((trial, at) => (at < count ? { item: trial.item, scores: {}, unscored: ["passed"] } : trial)),
  });
  for (const [old, candidate] of [
    [unscored(300), unscored(300)],
    [unscored(20), unscored(20)],
    [unscored(20), baseline],
    [baseline, unscored(20)],
  ] as const) {
    expect(() => expectNonInferior(old, candidate, { margin: 0.05 })).toThrow(/items; (300|20) more lack a score in one of the runs/);
    expect(expectNonInferior(old, candidate, { margin: 0.05, onInconclusive: "pass" }).metrics[0]).toMatchObject({
      word: expect.not.stringMatching("regressed|improved"),
    });
  }
});

test("only the metric named is looked at", () => {
  const both = (passed: number) => ({
    name: "run",
    trials: baseline.trials.map(({ item, scores }) => ({ item, scores: { ...scores, other: passed } })),
  });
  expect(() => expectNonInferior(both(1), both(0), { metric: "passed" })).not.toThrow();
  expect(() => expectNonInferior(both(1), both(0))).toThrow("other changed by -1");
});

test("a score without a margin has to be shown to have improved", () => {
  const scores = Array.from({ length: 100 }, (_, index) => 2 + (index % 5));
  const old = aScoredRun("old", scores, {}, "helpful");
  const moved = (by: number) =>
    aScoredRun(
      "new",
      scores.map((score, index) => score + by * (index % 3)),
      {},
      "helpful",
    );
  expect(() => expectNonInferior(old, moved(0.4))).not.toThrow();
  expect(() => expectNonInferior(old, moved(0))).toThrow("not enough evidence");
});
