import { expect, test } from "vitest";
import { seededRandom, seedOf } from "./seededRandom.ts";

test("numbers fill [0, 1) evenly, whatever the seed", () => {
  for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
    const random = seededRandom(seed);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(33.7); // 99.99 % of chi-square with 9 degrees of freedom
  }
});

test("seeds of neighbouring parts lead to different streams", () => {
  const seeds = new Set<number>();
  for (let one = 0; one < 100; one += 1) for (let other = 0; other < 100; other += 1) seeds.add(seedOf(one, other));
  expect(seeds.size).toBeGreaterThan(9_990);
});
