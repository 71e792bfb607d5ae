import { expect, test } from "vitest";
import { coresBusy, type ProcessUsage, processUsage } from "./processUsage.ts";

function usage(cpuMicroseconds: number, threads: Record<string, number>): ProcessUsage {
  return { cpuMicroseconds, residentBytes: 0, threads: new Map(Object.entries(threads)) };
}

test("cores are busy by what a process used in the time between two looks, and by its busiest thread", () => {
  const before = usage(1_000_000, { 1: 900_000, 2: 100_000 });
  const after = usage(3_000_000, { 1: 1_400_000, 2: 1_300_000, 3: 300_000 });
  expect(coresBusy(before, after, 2_000)).toEqual({ all: 1, busiestThread: 0.6 });
});

test("of a process that is not there nothing is known", () => {
  expect(processUsage(undefined)).toBeUndefined();
  expect(coresBusy(undefined, usage(1, {}), 1_000)).toBeNull();
});

test.skipIf(process.platform !== "linux")("what this process used is what it says itself", () => {
  const said = (): number => Object.values(process.cpuUsage()).reduce((sum, microseconds) => sum + microseconds, 0);
  const before = said();
  const used = processUsage(process.pid);
  const after = said();
  expect(used?.cpuMicroseconds).toBeGreaterThan(before - 100_000);
  expect(used?.cpuMicroseconds).toBeLessThan(after + 100_000);
  expect(used?.residentBytes).toBeGreaterThan(10_000_000);
  expect(used?.threads.has(String(process.pid))).toBe(true);
});
