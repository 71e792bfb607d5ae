import { expect, test } from "vitest";
import { brokenPromises } from "./benchChaos.ts";
import type { ChaosFigures } from "./measureChaos.ts";

const WHOLE: ChaosFigures = {
  ...{ accepted: 40, done: 36, dead: 4, failing: 6, edited: 2, redriven: 5, lost: 0 },
  ...{ unplanned: 0, jobsLeft: 0, doubled: 0, doubledEffects: 0, brokenChains: 0, incompleteTraces: 0 },
  ...{ kills: 3, killsOf: { worker: 3 }, sentAgain: 2, statuses: { 201: 40 }, orphan: null, seed: 1, durationMs: 60_000 },
  examples: { unplanned: [], doubledEffects: [], brokenChains: [], incompleteTraces: [] },
};

test("figures that keep every promise break none", () => {
  expect(brokenPromises(WHOLE)).toEqual([]);
});

test.each<[string, Partial<ChaosFigures>]>([
  ["1 accepted tasks are neither", { done: 35 }],
  ["1 tasks that fail for good are no dead letters", { dead: 3, done: 37 }],
  [
    "1 tasks are dead letters and were not to fail: a (kills_worker)",
    { dead: 5, done: 35, unplanned: 1, examples: { ...WHOLE.examples, unplanned: ["a (kills_worker)"] } },
  ],
  ["2 jobs stay in the queue", { jobsLeft: 2 }],
  ["nobody could say whether jobs stay in the queue", { jobsLeft: null }],
  ["1 tasks were admitted or ended more than once", { doubled: 1 }],
  ["the worker outlived its supervisor by 5001 ms", { orphan: { part: "worker", ms: 5_001 } }],
])("a broken promise is a sentence: %s", (words, change) => {
  expect(brokenPromises({ ...WHOLE, ...change })).toEqual([expect.stringContaining(words)]);
});
