import { expect, test } from "vitest";
import { amountMark, formatCost, formatEstimate, formatShare, formatTokens } from "./amounts.ts";
import { formatDuration, nanosBetween } from "./duration.ts";
import { formatDistance, formatMoment, formatStretch } from "./time.ts";

test("a duration keeps three digits and names its unit", () => {
  expect([0, 740, 740_000, 7_000_000, 12_400_000, 999_400_000, 3_020_000_000].map(formatDuration)).toEqual([
    "0",
    "740 ns",
    "740 µs",
    "7 ms",
    "12.4 ms",
    "999 ms",
    "3.02 s",
  ]);
  expect([125e9, 4_020e9, 26 * 3_600e9, 74 * 3_600e9].map(formatDuration)).toEqual(["2m 05s", "1h 07m", "26h 00m", "3d 02h"]);
});

test("a span that ended before it began has a negative duration", () => {
  expect(formatDuration(nanosBetween("1795392000000000500", "1795392000000000000"))).toBe("−500 ns");
});

test("a cost shows the digits that matter at its size", () => {
  expect([0, 12.4, 0.0842, 0.00021, 0.0000004].map(formatCost)).toEqual(["$0", "$12.40", "$0.084", "$0.00021", "<$0.000001"]);
});

test("a sum says when it is estimated or a lower bound", () => {
  expect(amountMark({ isEstimate: false, isPartial: false }).mark).toBe("");
  expect(amountMark({ isEstimate: true, isPartial: false }).mark).toBe("~");
  expect(amountMark({ isEstimate: true, isPartial: true }).mark).toBe("≥ ");
});

test("an estimate has two digits", () => {
  expect([0, 7, 3_118, 76_958].map(formatEstimate)).toEqual(["~0", "~7", "~3,100", "~77,000"]);
});

test("tokens stay narrow", () => {
  expect([950, 12_345, 1_234_567].map(formatTokens)).toEqual(["950", "12,345", "1.2M"]);
});

test("a distance counts whole units, also into the future", () => {
  const now = 1_000_000_000;
  expect([0, 12_000, 61_000, 3 * 3_600_000, -5_000].map((ago) => formatDistance(now - ago, now))).toEqual([
    "now",
    "12 s ago",
    "1 min ago",
    "3 h ago",
    "in 5 s",
  ]);
});

test("a time in UTC says so", () => {
  expect(formatMoment(Date.UTC(2026, 10, 23, 4, 3, 2, 7), "utc")).toBe("2026-11-23 04:03:02.007 UTC");
});

test("a share has the digits that matter", () => {
  expect([0, 0.5, 1, 0.0154, 0.123456, 0.0004, 0.00001].map(formatShare)).toEqual([
    "0%",
    "50%",
    "100%",
    "1.54%",
    "12.3%",
    "0.04%",
    "<0.01%",
  ]);
  expect([-0.123456, -0.0004, -0.00001].map(formatShare)).toEqual(["−12.3%", "−0.04%", "−<0.01%"]);
});

test("a stretch of time names its day once", () => {
  expect(formatStretch(Date.UTC(2026, 10, 23, 4), Date.UTC(2026, 10, 23, 5, 30), "utc")).toBe("2026-11-23 04:00 – 05:30");
  expect(formatStretch(Date.UTC(2026, 10, 23, 22), Date.UTC(2026, 10, 24), "utc")).toBe("2026-11-23 22:00 – 2026-11-24 00:00");
});
