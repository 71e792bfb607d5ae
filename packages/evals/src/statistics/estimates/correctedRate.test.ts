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
  const variance = (0.69 * 0.31) / 1000 + (0.49 * 0.09) / 100 + (0.09 * 0.16) / 100;
  expect(standardError).toBeCloseTo(Math.sqrt(variance) / 0.7, 12);
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
