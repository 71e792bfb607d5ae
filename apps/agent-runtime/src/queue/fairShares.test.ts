import { expect, test } from "vitest";
import { FairShares, TURNS_MAX } from "./fairShares.ts";

const turnsOf = (shares: FairShares, project: string, tasks: number): number[] =>
  Array.from({ length: tasks }, () => shares.turnOf(project));

test("a project that arrives later starts at the current turn, however many tasks wait before it", () => {
  const shares = new FairShares();
  const flood = turnsOf(shares, "flood", 10_000);
  expect(flood.at(-1)).toBe(10_000 / 16 - 1);
  expect(turnsOf(shares, "other", 1)).toEqual([0]);
  shares.isAt(300);
  expect(turnsOf(shares, "late", 17)).toEqual([...Array.from({ length: 16 }, () => 300), 301]);
  expect(turnsOf(shares, "flood", 1)).toEqual([10_000 / 16]);
});

test("an idle project saves up no turns, and an empty queue forgets all shares", () => {
  const shares = new FairShares();
  turnsOf(shares, "a", 1);
  shares.isAt(50);
  expect(turnsOf(shares, "a", 1)).toEqual([50]);
  turnsOf(shares, "a", 1_000);
  shares.nothingWaits(true);
  expect(turnsOf(shares, "a", 1)).toEqual([0]);
});

test("a task that arrives while the last of a backlog runs goes with it, not before it", () => {
  const shares = new FairShares();
  const last = turnsOf(shares, "old", 1_000).at(-1) ?? 0;
  shares.nothingWaits(false);
  expect(turnsOf(shares, "new", 1)).toEqual([last]);
});

test("under endless work, turns restart before they run out", () => {
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
