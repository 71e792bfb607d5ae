import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { estimatedTime, requireRoom } from "./fillStore.ts";

test("spans that the disk has no room for are refused before anything is stored", () => {
  expect(() => requireRoom(tmpdir(), 1e15, false)).toThrow(/1,000,000,000,000,000 spans need [\d.]+ TiB of disk; [\d.]+ \wiB are free/);
  expect(() => requireRoom(tmpdir(), 1, true)).not.toThrow();
});

test("the estimate is in seconds first and then in minutes", () => {
  expect([estimatedTime(1_000_000), estimatedTime(100_000_000)]).toEqual(["about 17 s", "about 28 min"]);
});
