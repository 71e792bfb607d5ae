import { expect, test } from "vitest";
import { judgePassRate } from "./judgePassRate.ts";

test("a rate passes when even its lower bound is enough", () => {
  expect(judgePassRate({ passed: 43, total: 100 }, { atLeast: 0.34, confidence: 0.95 })).toMatchObject({ kind: "pass" });
  expect(judgePassRate({ passed: 10, total: 10 }, { atLeast: 0.74, confidence: 0.95 })).toMatchObject({ kind: "pass", upper: 1 });
});

test("a rate fails when even its upper bound is too little", () => {
  expect(judgePassRate({ passed: 43, total: 100 }, { atLeast: 0.52, confidence: 0.95 })).toMatchObject({ kind: "fail" });
  expect(judgePassRate({ passed: 9, total: 10 }, { atLeast: 1, confidence: 0.95 })).toMatchObject({ kind: "fail" });
});

test("a limit within the interval of the pass rate is inconclusive", () => {
  expect(judgePassRate({ passed: 43, total: 100 }, { atLeast: 0.43, confidence: 0.95 })).toMatchObject({ kind: "inconclusive" });
  expect(judgePassRate({ passed: 0, total: 0 }, { atLeast: 0.5, confidence: 0.95 })).toEqual({ kind: "inconclusive", lower: 0, upper: 1 });
  expect(judgePassRate({ passed: 50, total: 50 }, { atLeast: 1, confidence: 0.95 })).toMatchObject({ kind: "inconclusive" });
});

test.each([
  [
    { passed: 3, total: 2 },
    { atLeast: 0.5, confidence: 0.95 },
  ],
  [
    { passed: 0.5, total: 2 },
    { atLeast: 0.5, confidence: 0.95 },
  ],
  [
    { passed: 1, total: 2 },
    { atLeast: 1.1, confidence: 0.95 },
  ],
  [
    { passed: 1, total: 2 },
    { atLeast: Number.NaN, confidence: 0.95 },
  ],
  [
    { passed: 1, total: 2 },
    { atLeast: 0.5, confidence: 95 },
  ],
])("%j with %j is refused", (counts, policy) => {
  expect(() => judgePassRate(counts, policy)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
