import { expect, test } from "vitest";
import { fuseRanks } from "./fuseRanks.ts";

test("what two lists agree on comes before what one of them has first", () => {
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

test("one list stays as it is, and no list gives nothing", () => {
  expect(fuseRanks([["a", "b"], []], 5).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(fuseRanks([], 5)).toEqual([]);
});
