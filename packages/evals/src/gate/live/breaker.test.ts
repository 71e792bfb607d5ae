import { expect, test } from "vitest";
import { readCondition } from "./breaker.ts";

const figures = (count: number, units: number) => ({
  candidate: { count, units, rate: count / units },
  stable: { count: 1, units: 100, rate: 0.01 },
});

test("every comparison must hold", () => {
  const isBroken = readCondition("candidate.count >= 20 && canary.rate > 0.2 && stable.rate < 0.1");
  expect(isBroken(figures(20, 99))).toBe(true);
  expect(isBroken(figures(19, 20))).toBe(false);
  expect(isBroken(figures(20, 100))).toBe(false);
});

test.each(["", "candidate.count", "candidate.count >= 20 || true", "candidate.p95 > 3", "process.exit() >= 1"])("%j is refused", (text) => {
  expect(() => readCondition(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
