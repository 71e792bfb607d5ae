import { expect, test } from "vitest";
import { evenly } from "./testing/evenly.ts";
import { twoChoices } from "./twoChoices.ts";

test("nothing to choose from is no choice, and one is chosen", () => {
  expect(twoChoices([], () => 0, evenly())).toBeUndefined();
  expect(twoChoices(["a"], () => 9, evenly())).toBe("a");
});

test("the busiest of several is never chosen, the others are", () => {
  const random = evenly();
  const loads = { a: 1, b: 1, c: 9 };
  const chosen = Array.from({ length: 300 }, () => twoChoices(["a", "b", "c"] as const, (name) => loads[name], random));
  expect(chosen.filter((name) => name === "c")).toEqual([]);
  for (const name of ["a", "b"]) expect(chosen.filter((each) => each === name).length).toBeGreaterThan(90);
});

test("endpoints of equal load are chosen equally often", () => {
  const random = evenly();
  const counts = new Map<string, number>();
  for (let index = 0; index < 4_000; index += 1) {
    const name = twoChoices(["a", "b", "c", "d"], () => 0, random) as string;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(100);
});
