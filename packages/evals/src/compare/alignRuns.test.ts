import { expect, test } from "vitest";
import { alignRuns } from "./alignRuns.ts";

const aTry = (itemId: string, value: number, state: "answered" | "failed" = "answered") => ({
  ...{ itemId, state, traceId: null },
  scores: [{ name: "exact", value, passed: value === 1, explanation: "" }],
});

test("items that lost most come first, then those that gained, then the others in the baseline's order", () => {
  const baseline = [aTry("same", 1), aTry("better", 0), aTry("worse", 1), aTry("gone", 1)];
  const candidate = [aTry("same", 1), aTry("better", 1), aTry("worse", 0, "failed"), aTry("new", 1)];
  const rows = alignRuns([baseline, candidate]);
  expect(rows.map(({ itemId }) => itemId)).toEqual(["worse", "better", "same", "gone", "new"]);
  expect(rows.map(({ changes }) => changes[0]?.exact ?? 0)).toEqual([-1, 1, 0, 0, 0]);
  expect(rows[0]?.cells[1]).toMatchObject({ failed: 1 });
  expect(rows.at(-1)?.cells[0]).toBeNull();
});

test("repeats are averaged, and their spread is told", () => {
  const [row] = alignRuns([[aTry("a", 1), aTry("a", 0)], [aTry("a", 0.5)]]);
  expect(row?.cells[0]).toMatchObject({ trials: 2, scores: { exact: { mean: 0.5, min: 0, max: 1 } } });
  expect(row?.changes).toEqual([{}]);
});
