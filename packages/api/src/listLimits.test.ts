import { TraceFilter } from "@signalbox/model";
import { expect, test } from "vitest";
import { LIST_LIMITS } from "./listLimits.ts";
import { TimeRange } from "./timeRange.ts";

test("the limits that a screen keeps are the ones that the server keeps", () => {
  const isTaken = (chars: number): boolean => TraceFilter.safeParse({ text: "x".repeat(chars) }).success;
  expect([LIST_LIMITS.textCharsMax, LIST_LIMITS.textCharsMax + 1].map(isTaken)).toEqual([true, false]);
  const isFound = (chars: number): boolean => TraceFilter.safeParse({ only: { user: ["x".repeat(chars)] } }).success;
  expect([LIST_LIMITS.facetValueCharsMax, LIST_LIMITS.facetValueCharsMax + 1].map(isFound)).toEqual([true, false]);
  const isShown = (days: number): boolean => TimeRange.safeParse({ kind: "last", ms: days * 86_400_000 }).success;
  expect([LIST_LIMITS.rangeDaysMax, LIST_LIMITS.rangeDaysMax + 1].map(isShown)).toEqual([true, false]);
});
