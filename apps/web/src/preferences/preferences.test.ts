import { expect, test } from "vitest";
import { DEFAULT_PREFERENCES, parsePreferences } from "./preferences.ts";

test("stored preferences are kept, new ones have their defaults", () => {
  expect(parsePreferences('{"clock":"utc"}')).toEqual({ ...DEFAULT_PREFERENCES, clock: "utc" });
});

test("preferences of a wrong type, an unknown name or a malformed text are dropped", () => {
  expect(parsePreferences('{"isLive":"yes","old":1}')).toEqual(DEFAULT_PREFERENCES);
  expect(parsePreferences("{")).toEqual(DEFAULT_PREFERENCES);
  expect(parsePreferences(null)).toEqual(DEFAULT_PREFERENCES);
});
