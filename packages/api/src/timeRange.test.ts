import { expect, test } from "vitest";
import { resolveRange, TimeRange } from "./timeRange.ts";

test("the last hour ends a minute ahead, for senders whose clock is fast", () => {
  expect(resolveRange({ kind: "last", ms: 3_600_000 }, 1_700_000_000_000)).toEqual({
    from: "1699996400000000000",
    to: "1700000060000000000",
  });
});

test("a range between two moments keeps them", () => {
  const range = { kind: "between", from: "2026-11-23T00:00:00Z", to: "2026-11-23T01:00:00+01:00" } as const;
  expect(TimeRange.safeParse(range).success).toBe(false);
  expect(resolveRange({ ...range, to: "2026-11-23T02:00:00+01:00" }, 0)).toEqual({
    from: "1795392000000000000",
    to: "1795395600000000000",
  });
});

test("a range without an end or of years is refused", () => {
  expect(TimeRange.safeParse({ kind: "last", ms: 10 ** 12 }).success).toBe(false);
  expect(TimeRange.safeParse({ kind: "between", from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }).success).toBe(false);
});
