import { expect, test } from "vitest";
import { openRetryBudget, RETRY_POLICY } from "./retryBudget.ts";

function retriesOf(calls: number): number {
  const budget = openRetryBudget();
  let retries = 0;
  for (let call = 0; call < calls; call += 1) {
    budget.called();
    for (let retry = 0; retry < RETRY_POLICY.triesMax; retry += 1) if (budget.take()) retries += 1;
  }
  return retries;
}

test("when every call fails, retries are a share of them and the reserve", () => {
  expect(retriesOf(10_000)).toBeLessThanOrEqual(10_000 * RETRY_POLICY.share + RETRY_POLICY.reserve);
  expect(retriesOf(10_000)).toBeGreaterThan(10_000 * RETRY_POLICY.share - 1);
});

test("few calls may have their retries", () => {
  expect(retriesOf(3)).toBe(9);
});

test("calls that worked save up no more than the reserve", () => {
  const budget = openRetryBudget();
  for (let call = 0; call < 10_000; call += 1) budget.called();
  let retries = 0;
  while (budget.take()) retries += 1;
  expect(retries).toBe(RETRY_POLICY.reserve);
});
