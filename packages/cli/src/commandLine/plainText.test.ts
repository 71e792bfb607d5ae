import { styleText } from "node:util";
import { expect, test } from "vitest";
import { plainText } from "./plainText.ts";

test("stored texts steer no terminal, and colours stay", () => {
  const green = styleText("green", "whole", { validateStream: false });
  expect(plainText(`${green}\tone\n`)).toBe(`${green}\tone\n`);
  expect(plainText("a\u001b[2J\u001b[1Ab\rc\u009b2Kd")).toBe("a\ufffd[2J\ufffd[1Ab\ufffdc\ufffd2Kd");
  expect(plainText("one\r\ntwo")).toBe("one\ntwo");
  expect(plainText("\u001b[8mhidden\u001b]8;;x\u0007")).toBe("\ufffd[8mhidden\ufffd]8;;x\ufffd");
});
