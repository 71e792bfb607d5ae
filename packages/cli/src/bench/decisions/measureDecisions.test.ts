import { expect, test } from "vitest";
import { measureDecisions } from "./measureDecisions.ts";

test("a small log is whole, and each thing that is done to it is found where it is", async () => {
  const progress = { update: () => {}, stop: () => {} };
  const figures = await measureDecisions({
    events: 2_000,
    signal: new AbortController().signal,
    note: () => {},
    startProgress: () => progress,
  });
  expect(figures).toMatchObject({ events: 2_000, tasks: 200, whole: true });
  expect(figures.tampered.map(({ tampering, found }) => [tampering, found])).toEqual([
    ["changed", true],
    ["removed", true],
    ["swapped", true],
    ["cut", true],
  ]);
});
