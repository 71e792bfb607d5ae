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
  shares.nothingWaits(true);
  expect(turnsOf(shares, "a", 1)).toEqual([0]);
});

test("who comes while the last of a backlog is at work goes with it, not before it", () => {
  const shares = new FairShares();
  const last = turnsOf(shares, "old", 1_000).at(-1) ?? 0;
  shares.nothingWaits(false);
  expect(turnsOf(shares, "new", 1)).toEqual([last]);
});

test("where work never ends, turns begin anew before they run out", () => {
  const shares = new FairShares();
  shares.isAt(TURNS_MAX - 1);
  shares.nothingWaits(false);
  expect(turnsOf(shares, "a", 1)).toEqual([0]);
});

test("a backlog beyond all turns is served in its order", () => {
  const shares = new FairShares();
  shares.isAt(TURNS_MAX);
  expect(new Set(turnsOf(shares, "a", 100))).toEqual(new Set([TURNS_MAX]));
});
