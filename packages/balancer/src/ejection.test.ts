import { expect, test } from "vitest";
import { EJECTION_POLICY, isEjected, keepCap, newStanding, noteFailure, noteProbe, noteSuccess, type Standing } from "./ejection.ts";

const { ejectedMs, failuresInARow, forgivenAfterMs } = EJECTION_POLICY;

const aSet = (size: number) => Array.from({ length: size }, newStanding) as [Standing, Standing, ...Standing[]];

/** The duration of the ejection of an endpoint that is gone at `nowMs`. */
function outFor(standing: Standing, set: readonly Standing[], nowMs: number): number {
  noteFailure(standing, true, set, nowMs);
  return standing.outUntilMs - nowMs;
}

test("calls that fail in a row eject, others between them do not", () => {
  const set = aSet(2);
  const [one] = set;
  for (let index = 0; index < 20; index += 1) {
    noteFailure(one, false, set, 0);
    if (index % 2 === 1) noteSuccess(one, 0);
  }
  expect(isEjected(one, 0)).toBe(false);
  for (let index = 1; index < failuresInARow; index += 1) expect(noteFailure(one, false, set, 0)).toBe(false);
  expect(noteFailure(one, false, set, 0)).toBe(true);
  expect(isEjected(one, ejectedMs - 1)).toBe(true);
  expect(isEjected(one, ejectedMs)).toBe(false);
});

test("each ejection is longer than the one before, and time without one makes them shorter again", () => {
  const set = aSet(2);
  const [one] = set;
  expect(outFor(one, set, 0)).toBe(ejectedMs);
  expect(outFor(one, set, 10_000)).toBe(2 * ejectedMs);
  expect(outFor(one, set, 20_000)).toBe(3 * ejectedMs);
  noteSuccess(one, 23_000 + forgivenAfterMs);
  noteSuccess(one, 23_000 + 2 * forgivenAfterMs);
  expect(outFor(one, set, 60_000)).toBe(2 * ejectedMs);
});

test.each([
  [1, 0],
  [2, 1],
  [3, 1],
  [4, 2],
  [5, 2],
])("of %i that are all gone, %i are ejected", (size, ejected) => {
  const set = aSet(size);
  for (const standing of set) noteFailure(standing, true, set, 0);
  expect(set.filter((standing) => isEjected(standing, 0)).length).toBe(ejected);
});

test("one that is silent stays out until somebody answers there", () => {
  const set = aSet(2);
  const [one] = set;
  expect(noteProbe(one, false, set, 0)).toBe(true);
  expect(isEjected(one, 10 * ejectedMs)).toBe(true);
  noteProbe(one, true, set, 10 * ejectedMs);
  expect(isEjected(one, 10 * ejectedMs)).toBe(false);
});

test("one that was let in again is not out beyond the cap when it falls silent", () => {
  const set = aSet(2);
  const [one, other] = set;
  noteFailure(one, true, set, 0);
  noteFailure(other, true, set, ejectedMs);
  expect(noteProbe(one, false, set, ejectedMs)).toBe(false);
  expect(set.filter((standing) => isEjected(standing, ejectedMs))).toEqual([other]);
});

test("a set that becomes smaller takes ejections back", () => {
  const [one, two, three, four] = aSet(4) as [Standing, Standing, Standing, Standing];
  const set = [one, two, three, four];
  noteFailure(one, true, set, 0);
  noteFailure(two, true, set, 100);
  keepCap([one, two], 200);
  expect([one, two].map((standing) => isEjected(standing, 200))).toEqual([false, true]);
});
