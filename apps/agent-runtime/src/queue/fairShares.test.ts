import { expect, test } from "vitest";
import { FairShares, TURNS_MAX } from "./fairShares.ts";

const turnsOf = (shares: FairShares, project: string, tasks: number): number[] =>
  Array.from({ length: tasks }, () => shares.turnOf(project));

test("who comes later begins at the turn under way, however many wait before", () => {
  const shares = new FairShares();
  const flood = turnsOf(shares, "flood", 10_000);
  expect(flood.at(-1)).toBe(10_000 / 16 - 1);
  expect(turnsOf(shares, "other", 1)).toEqual([0]);
  shares.isAt(300);
  expect(turnsOf(shares, "late", 17)).toEqual([...Array.from({ length: 16 }, () => 300), 301]);
  expect(turnsOf(shares, "flood", 1)).toEqual([10_000 / 16]);
});

test("a project that was idle has saved up nothing, and an empty queue forgets who had how much", () => {
  const shares = new FairShares();
  turnsOf(shares, "a", 1);
  shares.isAt(50);
  expect(turnsOf(shares, "a", 1)).toEqual([50]);
  turnsOf(shares, "a", 1_000);
  shares.isAt(null);
  expect(turnsOf(shares, "a", 1)).toEqual([0]);
});

test("a backlog beyond all turns is served in its order", () => {
  const shares = new FairShares();
  shares.isAt(TURNS_MAX);
  expect(new Set(turnsOf(shares, "a", 100))).toEqual(new Set([TURNS_MAX]));
});
