import { expect, test } from "vitest";
import { mannWhitneyShift } from "./mannWhitney.ts";

test("the example of Kayenta's own suite", () => {
  const shift = mannWhitneyShift(Float64Array.of(10, 20, 30, 40), Float64Array.of(1, 2, 3, 4), 0.95);
  expect(shift).toEqual({ lower: 6, estimate: 22.5, upper: 39 });
});
