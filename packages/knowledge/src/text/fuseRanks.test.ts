import { expect, test } from "vitest";
import { fuseRanks } from "./fuseRanks.ts";

test("an entry of two lists comes before the first entry of either", () => {
  const fused = fuseRanks(
    [
      ["a", "b", "c"],
      ["d", "b"],
    ],
    3,
  );
  expect(fused.map(({ id }) => id)).toEqual(["b", "a", "d"]);
  expect(fused[0]?.score).toBeCloseTo(2 / 62, 10);
});

test("a single list keeps its order, and no lists give an empty one", () => {
  expect(fuseRanks([["a", "b"], []], 5).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(fuseRanks([], 5)).toEqual([]);
});
