import { expect, test } from "vitest";
import { paceMsAt } from "./pace.ts";

test("a nearly empty journal delays no answer", () => {
  expect(paceMsAt(0, 2_000)).toBe(0);
  expect(paceMsAt(0.02, 2_000)).toBe(0);
});

test("answers wait longer the fuller the journal is", () => {
  const waits = [0.05, 0.1, 0.2, 0.5, 0.9].map((level) => paceMsAt(level, 2_000));
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(new Set(waits).size).toBe(waits.length);
});

test("no answer waits longer than a sender does, however full the journal is", () => {
  expect(paceMsAt(1, 2_000)).toBe(2_000);
  expect(paceMsAt(3, 2_000)).toBe(2_000);
});
