import { expect, test } from "vitest";
import { sparingWarning } from "./sparingWarning.ts";

test("the same warning again and again is one line every ten seconds, which counts the others; another one is told at once", () => {
  const told: [string, number | undefined][] = [];
  let nowMs = 0;
  const log = { warn: ({ err, timesSince }: { err: Error; timesSince?: number }) => void told.push([err.message, timesSince]) };
  const warn = sparingWarning(log as never, () => nowMs);
  for (nowMs = 0; nowMs <= 10_000; nowMs += 100) warn(new Error("the store is away"));
  warn(new Error("full"));
  expect(told).toEqual([
    ["the store is away", undefined],
    ["the store is away", 99],
    ["full", undefined],
  ]);
});
