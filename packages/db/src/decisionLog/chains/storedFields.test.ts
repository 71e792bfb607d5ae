import { expect, test } from "vitest";
import { numberText, STORED_TIME } from "./storedFields.ts";

test.each(["0", "0.93", "0.30000000000000004", "1e-07", "1.5e+21", "-2.5"])("%s is a number", (field) => {
  expect(numberText(field)).toBe(JSON.stringify(Number(field)));
});

test.each(["-0", "NaN", "Infinity", "", "0x1", " 1", "\\N"])("%s is none that JSON has", (field) => {
  expect(numberText(field)).toBeUndefined();
});

test.each(["2026-11-26 08:00:00+00", "2026-11-26 08:00:00.5+00", "2026-11-26 08:00:00.005+00"])("%s is a time", (field) => {
  expect(field).toMatch(STORED_TIME);
});

test.each(["2026-11-26 08:00:00.5+00 BC", "2026-11-26 08:00:00.0005+00", "12026-11-26 08:00:00+00", "2026-11-26 08:00:00+02", "infinity"])(
  "%s is none",
  (field) => {
    expect(field).not.toMatch(STORED_TIME);
  },
);
