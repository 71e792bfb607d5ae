import { expect, test } from "vitest";
import { errorCode, errorMessage } from "./thrown.ts";

test("whatever is thrown has a message", () => {
  expect([new TypeError("no"), "no", undefined].map(errorMessage)).toEqual(["no", "no", "undefined"]);
});

test("a code is told where there is one", () => {
  const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
  expect([missing, new Error("no"), { code: "ENOENT" }].map(errorCode)).toEqual(["ENOENT", "", ""]);
});
