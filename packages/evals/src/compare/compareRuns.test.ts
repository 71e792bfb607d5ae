import { expect, test } from "vitest";
import { type ComparisonOptions, compareRuns, type MetricComparison } from "./compareRuns.ts";
import type { ScoredRun } from "./scoredRun.ts";
import { aScoredRun, passes } from "./scoredRuns.ts";

function only(comparison: { metrics: readonly MetricComparison[] }): MetricComparison {
  const [metric] = comparison.metrics;
  if (metric === undefined) throw new Error("there is a metric");
  return metric;
}

const baseline = aScoredRun("old", passes([1, 240], [0, 60]));

test("more failures than chance makes: it regressed", () => {
  const metric = only(compareRuns(baseline, aScoredRun("new", passes([0, 20], [1, 225], [0, 55]))));
  expect(metric).toMatchObject({
    word: "regressed",
    tested: "mcnemar",
    items: 300,
    baselineMean: 0.8,
    candidateMean: 0.75,
    isNonInferior: false,
  });
  expect(metric.pWorse).toBeCloseTo(0.0020387, 6);
});

test("more passes: it improved", () => {
  expect(only(compareRuns(aScoredRun("old", passes([0, 20], [1, 280])), aScoredRun("new", passes([1, 300]))))).toMatchObject({
    word: "improved",
  });
});

test("equal runs are equivalent where there are items enough, and else not enough evidence with what could have been found", () => {
  const many = passes([1, 1600], [0, 400]);
  expect(only(compareRuns(aScoredRun("old", many), aScoredRun("new", many)))).toMatchObject({ word: "equivalent", difference: 0 });
  const few = passes([1, 16], [0, 4]);
  const metric = only(compareRuns(aScoredRun("old", few), aScoredRun("new", few)));
  expect(metric).toMatchObject({ word: "not_enough_evidence", isNonInferior: false });
  expect(metric.minimumDetectable).toBeGreaterThan(0.25);
});

test("where less is better the interval is of the metric and the word of its meaning", () => {
  const slow = { metrics: [{ name: "slow", direction: "decrease" as const }] };
  const metric = only(
    compareRuns(aScoredRun("old", passes([0, 100]), {}, "slow"), aScoredRun("new", passes([1, 20], [0, 80]), {}, "slow"), slow),
  );
  expect(metric).toMatchObject({ word: "regressed", difference: 0.2 });
  expect([metric.lower > 0.1, metric.upper < 0.3]).toEqual([true, true]);
});

test("scores are compared by the bootstrap, and the same seed says the same", () => {
  const before = Array.from({ length: 200 }, (_, index) => (index % 5) + 1);
  const after = before.map((score, index) => (index % 4 === 0 ? Math.max(1, score - 1) : score));
  const compare = (seed: number) =>
    compareRuns(aScoredRun("old", before, {}, "helpful"), aScoredRun("new", after, {}, "helpful"), {
      seed,
      metrics: [{ name: "helpful", margin: 0.3 }],
    });
  expect(only(compare(1))).toMatchObject({ kind: "score", tested: "paired-bootstrap", word: "regressed", isNonInferior: true });
  expect(compare(1)).toEqual(compare(1));
});

test("a scorer that one run did not use is not compared, and named", () => {
  const both: ScoredRun = { name: "old", trials: baseline.trials.map(({ item, scores }) => ({ item, scores: { ...scores, extra: 1 } })) };
  const comparison = compareRuns(both, { ...baseline, name: "new" });
  expect([comparison.metrics.map(({ name }) => name), comparison.uncompared]).toEqual([["passed"], ["extra"]]);
  const asked = compareRuns(both, { ...baseline, name: "new" }, { metrics: [{ name: "extra" }] });
  expect(only(asked)).toMatchObject({ word: "not_enough_evidence", items: 0, unscored: 300 });
});

test("a difference of means that is only rounding error counts as 0", () => {
  const repeats = (name: string, scores: readonly number[]): ScoredRun => ({
    name,
    trials: Array.from({ length: 60 }, (_, item) => scores.map((score) => ({ item: String(item), scores: { near: score } }))).flat(),
  });
  const metric = only(compareRuns(repeats("old", [0.1, 0.2, 0.3]), repeats("new", [0.3, 0.2, 0.1])));
  expect(metric).toMatchObject({ word: "not_enough_evidence", difference: 0 });
});

test("only shared items are compared, and the others are counted", () => {
  const candidate: ScoredRun = { name: "new", trials: [...baseline.trials.slice(10), { item: "more", scores: { passed: 0 } }] };
  const comparison = compareRuns(baseline, candidate);
  expect(comparison.items).toEqual({ shared: 290, onlyBaseline: 10, onlyCandidate: 1 });
  expect(only(comparison)).toMatchObject({ items: 290, difference: 0 });
});

test("failed trials without a score count as the worst, and items that no run has scored do not count", () => {
  const crashed = baseline.trials.map((trial, index) => (index < 20 ? { ...trial, scores: {}, failed: true } : trial));
  expect(only(compareRuns(baseline, { name: "new", trials: crashed }))).toMatchObject({ word: "regressed", items: 300 });
  const skipped = (run: ScoredRun): ScoredRun => ({
    ...run,
    trials: run.trials.map((trial, index) => (index < 20 ? { ...trial, scores: {} } : trial)),
  });
  expect(only(compareRuns(skipped(baseline), skipped(baseline)))).toMatchObject({ items: 280, unscored: 0 });
});

test("a failed trial's 0 is not counted as a good score where less is better and the metric has no known worst value", () => {
  const costly = aScoredRun("old", Array<number>(60).fill(2), {}, "cost");
  const crashed: ScoredRun = {
    name: "new",
    trials: costly.trials.map((trial, index) => (index < 30 ? { ...trial, scores: { cost: 0 }, failed: true } : trial)),
  };
  const cost = { metrics: [{ name: "cost", direction: "decrease" as const }] };
  expect(only(compareRuns(costly, crashed, cost))).toMatchObject({ items: 30, unscored: 30, difference: 0 });
  expect(only(compareRuns(costly, crashed, { metrics: [{ ...cost.metrics[0], name: "cost", range: [0, 9] }] }))).toMatchObject({
    word: "regressed",
    difference: 3.5,
  });
});

test("a score without a known worst is left out where one run has none, and counted", () => {
  const scored = aScoredRun("old", [1.5, 2.5, 3.5], {}, "length");
  const partly: ScoredRun = { name: "new", trials: scored.trials.map((trial, index) => (index === 0 ? { ...trial, scores: {} } : trial)) };
  expect(only(compareRuns(scored, partly))).toMatchObject({ items: 2, unscored: 1 });
  expect(only(compareRuns(scored, partly, { metrics: [{ name: "length", range: [0, 10] }] }))).toMatchObject({ items: 3, unscored: 0 });
});

test("repeats of an item are averaged first: they are no more items", () => {
  const repeated = (run: ScoredRun): ScoredRun => ({ ...run, trials: run.trials.flatMap((trial) => [trial, trial, trial]) });
  const candidate = aScoredRun("new", passes([0, 5], [1, 235], [0, 60]));
  const [once, thrice] = [only(compareRuns(baseline, candidate)), only(compareRuns(repeated(baseline), repeated(candidate)))];
  expect(thrice).toMatchObject({ tested: "mcnemar", items: 300, pWorse: once.pWorse });
});

test("items that share a cluster are tested as clusters", () => {
  const candidate = aScoredRun("new", passes([0, 15], [1, 225], [0, 60]));
  const inConversations = (run: ScoredRun): ScoredRun => ({
    ...run,
    trials: run.trials.map((trial, index) => ({ ...trial, cluster: String(Math.floor(index / 10)) })),
  });
  expect(only(compareRuns(baseline, candidate)).word).toBe("regressed");
  const metric = only(compareRuns(inConversations(baseline), inConversations(candidate)));
  expect(metric).toMatchObject({ tested: "paired-bootstrap", insteadOf: "mcnemar: items share clusters", word: "not_enough_evidence" });
});

test("many metrics are corrected by Holm", () => {
  const many = (run: ScoredRun): ScoredRun => ({
    ...run,
    trials: run.trials.map(({ item, scores }) => ({ item, scores: { a: scores.passed ?? 0, b: 1, c: 1, d: 1 } })),
  });
  const candidate = aScoredRun("new", passes([0, 6], [1, 234], [0, 60]));
  expect(only(compareRuns(baseline, candidate)).pWorse).toBeCloseTo(1 / 64, 12);
  expect(only(compareRuns(many(baseline), many(candidate)))).toMatchObject({
    word: "not_enough_evidence",
    pWorse: expect.closeTo(4 / 64, 12),
  });
  expect(only(compareRuns(many(baseline), many(candidate), { correction: "none" })).word).toBe("regressed");
});

test("a metric is tested as somebody says, and one that is named is asked about", () => {
  const grades = (name: string, shift: number): ScoredRun =>
    aScoredRun(
      name,
      Array.from({ length: 40 }, (_, at) => (at % 5) + shift),
      {},
      "grade",
    );
  const compared = compareRuns(grades("old", 1), grades("new", 0), { tests: { grade: "wilcoxon" } });
  expect(only(compared)).toMatchObject({ tested: "wilcoxon", word: "regressed" });
  expect(only(compareRuns(grades("old", 1), grades("new", 0)))).toMatchObject({ tested: "paired-bootstrap" });
  expect(() => compareRuns(baseline, baseline, { tests: { grade: "wilcoxon" } })).toThrow("There is no metric grade");
});

test("what is detectable beside other metrics is so in spite of the correction", () => {
  const both = (run: ScoredRun): ScoredRun => ({
    ...run,
    trials: run.trials.map(({ item, scores }) => ({ item, scores: { a: scores.passed ?? 0, b: 1 } })),
  });
  const candidate = aScoredRun("new", passes([0, 6], [1, 234], [0, 60]));
  const detectable = (options: ComparisonOptions = {}) => only(compareRuns(both(baseline), both(candidate), options)).minimumDetectable;
  expect(detectable()).toBeGreaterThan(detectable({ correction: "none" }));
  expect(detectable()).toBe(detectable({ correction: "none", alpha: 0.025 }));
  expect(detectable({ correction: "bh" })).toBe(detectable());
});

test("fewer resamples are drawn of very many items, and never few", () => {
  const resamples = (items: number): number => {
    const run = aScoredRun(
      "run",
      Array.from({ length: items }, () => 1),
    );
    return compareRuns(run, { ...run, name: "other" }).resamples;
  };
  expect([300, 8_000, 40_000].map(resamples)).toEqual([10_000, 5_000, 2_000]);
});

test.each([
  ["no item in common", () => compareRuns(baseline, { name: "new", trials: [{ item: "x", scores: { passed: 1 } }] })],
  ["old and new have no metric in common", () => compareRuns(baseline, aScoredRun("new", [1], {}, "cost"))],
  ["no metric pased in old or new", () => compareRuns(baseline, { ...baseline, name: "new" }, { margins: { pased: 0.1 } })],
  ["no metric cost in old or new", () => compareRuns(baseline, { ...baseline, name: "new" }, { metrics: [{ name: "cost" }] })],
  ["passed of item 0 in new is NaN", () => compareRuns(baseline, aScoredRun("new", [Number.NaN]))],
  ["passed of item 0 in new is Infinity", () => compareRuns(baseline, aScoredRun("new", [Number.POSITIVE_INFINITY]))],
  ["alpha of 0.7", () => compareRuns(baseline, baseline, { alpha: 0.7 })],
  ["margin Infinity of passed", () => compareRuns(baseline, baseline, { metrics: [{ name: "passed", margin: Number.POSITIVE_INFINITY }] })],
  ["margin -1 of passed", () => compareRuns(baseline, baseline, { metrics: [{ name: "passed", margin: -1 }] })],
])("refused: %s", (message, compare) => {
  expect(compare).toThrow(expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(message) }));
});
