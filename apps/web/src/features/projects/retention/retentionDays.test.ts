import { expect, test } from "vitest";
import { firstDayKept, retentionDaysOf } from "./retentionDays.ts";

test("accepts whole days from one to a century, an empty text for ever, and nothing else", () => {
  expect(["30", " 1 ", "36500", "", "  "].map(retentionDaysOf)).toEqual([30, 1, 36_500, null, null]);
  expect(["0", "36501", "1.5", "-1", "1e3", "a week", "100000"].map(retentionDaysOf)).toEqual(Array(7).fill(undefined));
});

test("today is kept in addition", () => {
  expect(firstDayKept(1, Date.UTC(2026, 2, 1, 23, 59))).toBe("2026-02-28");
});
