import { expect, test } from "vitest";
import { newSince, trendOf } from "./trend.ts";

test("a kind of letters grows or fades where its halves differ by more than chance", () => {
  expect(trendOf([1, 1, 10, 12], 0, 100)).toBe("growing");
  expect(trendOf([12, 10, 1, 0], 0, 100)).toBe("fading");
  expect(trendOf([4, 4, 5, 6], 0, 100)).toBe("steady");
  expect(trendOf([0, 0, 0, 0], 0, 100)).toBe("steady");
});

test("a kind whose first letter came in the later half is new, however few they are", () => {
  expect(trendOf([0, 0, 0, 1], 100, 100)).toBe("new");
});

test("a kind is new since a version that was not the first to fail", () => {
  const versions = [{ version: "1.0" }, { version: "1.1" }];
  expect(newSince("1.1", versions)).toBe("1.1");
  expect(newSince("1.0", versions)).toBeNull();
  expect(newSince(null, versions)).toBeNull();
});
