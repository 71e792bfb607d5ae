import { expect, test } from "vitest";
import { DEFAULT_PREFERENCES, parsePreferences } from "./preferences.ts";

test("what was remembered holds, what is new has its default", () => {
  expect(parsePreferences('{"clock":"utc"}')).toEqual({ ...DEFAULT_PREFERENCES, clock: "utc" });
});

test("what has the wrong type, an unknown name or no form at all is forgotten", () => {
  expect(parsePreferences('{"isLive":"yes","old":1}')).toEqual(DEFAULT_PREFERENCES);
  expect(parsePreferences("{")).toEqual(DEFAULT_PREFERENCES);
  expect(parsePreferences(null)).toEqual(DEFAULT_PREFERENCES);
});
