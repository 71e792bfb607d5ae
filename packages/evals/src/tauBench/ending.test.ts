import { expect, test } from "vitest";
import { ending } from "./ending.ts";
import { anExpectation, aRun } from "./runBuilders.ts";

test("a run may take as many steps as are allowed, and must end in them", () => {
  expect(ending.score(aRun({ steps: 30 }), anExpectation({ endsWithin: 30 })).passed).toBe(true);
  expect(ending.score(aRun({ steps: 31 }), anExpectation({ endsWithin: 30 }))).toEqual({
    passed: false,
    reason: "it took 31 steps, 30 are allowed",
  });
  expect(ending.score(aRun({ ended: false }), anExpectation())).toEqual({ passed: false, reason: "no end in 3 steps" });
});
