import { expect, test } from "vitest";
import { correctedRate } from "./correctedRate.ts";

const counts = { truePasses: 90, falseFails: 10, trueFails: 80, falsePasses: 20 };

test("a judge's rate is put right by how it errs", () => {
  // 0.7 true: 0.7 · 0.9 + 0.3 · 0.2 = 0.69 judged.
  expect(correctedRate({ passed: 690, total: 1000 }, counts, 0.975)?.estimate).toBeCloseTo(0.7, 12);
  const { standardError, lower, upper } = correctedRate({ passed: 690, total: 1000 }, counts, 0.975) ?? {
    standardError: 0,
    lower: 0,
    upper: 0,
  };
  // Each rate is drawn towards a half: 692 of 1,004, 91 of 102, 81 of 102.
  const variance = (0.689 * 0.311) / 1003.84 + (0.7007 ** 2 * 0.8922 * 0.1078) / 102 + (0.2993 ** 2 * 0.7941 * 0.2059) / 102;
  expect(standardError).toBeCloseTo(Math.sqrt(variance) / 0.6863, 3);
  expect([lower < 0.65, upper > 0.75]).toEqual([true, true]);
});

test("it stays in [0, 1]", () => {
  expect(correctedRate({ passed: 990, total: 1000 }, counts, 0.975)).toMatchObject({ estimate: 1, upper: 1 });
  expect(correctedRate({ passed: 100, total: 1000 }, counts, 0.975)).toMatchObject({ estimate: 0, lower: 0 });
});

test("a judge that hardly tells passes from failures, or that nobody labelled, is not corrected", () => {
  expect(correctedRate({ passed: 5, total: 10 }, { truePasses: 60, falseFails: 40, trueFails: 60, falsePasses: 40 }, 0.975)).toBeNull();
  expect(correctedRate({ passed: 5, total: 10 }, { ...counts, trueFails: 0, falsePasses: 0 }, 0.975)).toBeNull();
});

test("a judge that never erred on few labels is no certainty", () => {
  const never = { truePasses: 15, falseFails: 0, trueFails: 5, falsePasses: 0 };
  const { estimate, lower, upper } = correctedRate({ passed: 100, total: 100 }, never, 0.975) ?? { estimate: 0, lower: 0, upper: 0 };
  expect([estimate, upper]).toEqual([1, 1]);
  expect(lower).toBeLessThan(0.95);
});

test("labels of a class that are too few to tell make no rate, rather than one without an end", () => {
  const judged = { passed: 60, total: 100 };
  expect(correctedRate(judged, { truePasses: 6, falseFails: 13, trueFails: 1, falsePasses: 0 }, 0.95)).toBeNull();
  expect(correctedRate(judged, { truePasses: 30, falseFails: 69, trueFails: 1, falsePasses: 0 }, 0.95)).toBeNull();
});
