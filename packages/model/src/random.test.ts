import { expect, test } from "vitest";
import { mix32, mulberry32, normalFrom } from "./random.ts";

test("a seed gives the same numbers for ever: what was made with it is made again", () => {
  const random = mulberry32(1);
  expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  expect([0, 1, 2, 2 ** 32 - 1].map(mix32)).toEqual([0, 1364076727, 821347078, 2180083513]);
});

test("normal numbers have mean 0 and variance 1", () => {
  const random = mulberry32(5);
  const drawn = Array.from({ length: 100_000 }, () => normalFrom(random));
  expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0, 1);
  expect(drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length).toBeCloseTo(1, 1);
});
