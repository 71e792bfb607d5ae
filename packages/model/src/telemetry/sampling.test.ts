import { expect, test } from "vitest";
import { traceIdOf } from "../ids.ts";
import { isSampled, SamplingRules } from "./sampling.ts";

const traceIds = Array.from({ length: 10_000 }, (_, index) => traceIdOf(String(index)));

test("a share of one keeps every trace, a share of nothing none", () => {
  expect(traceIds.every((traceId) => isSampled(traceId, 1))).toBe(true);
  expect(isSampled("f".repeat(32), 0)).toBe(false);
  expect(isSampled("0".repeat(32), 1)).toBe(true);
});

test("a share keeps about so many", () => {
  const kept = traceIds.filter((traceId) => isSampled(traceId, 0.25)).length;
  expect(kept).toBeGreaterThan(2_350);
  expect(kept).toBeLessThan(2_650);
});

test("what a smaller share keeps, a larger one keeps too", () => {
  const kept = traceIds.filter((traceId) => isSampled(traceId, 0.1));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.every((traceId) => isSampled(traceId, 0.2))).toBe(true);
});

test("only the random end of an id decides: its beginning may be a time", () => {
  const end = "80000000000000";
  expect(isSampled(`${"0".repeat(18)}${end}`, 0.5)).toBe(true);
  expect(isSampled(`${"f".repeat(18)}${end}`, 0.5)).toBe(true);
  expect(isSampled(`${"f".repeat(18)}7fffffffffffff`, 0.5)).toBe(false);
});

test("a share is a number from 0 to 1, and everything is kept until somebody says otherwise", () => {
  expect(SamplingRules.parse({})).toEqual({ headShare: 1, tail: null });
  expect(SamplingRules.safeParse({ headShare: 1.1 }).success).toBe(false);
});
