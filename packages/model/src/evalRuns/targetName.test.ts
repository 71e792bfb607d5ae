import { expect, test } from "vitest";
import { targetName } from "./targetName.ts";

test.each([
  ["http://127.0.0.1:8080/answer", "http://127.0.0.1:8080/answer"],
  ["https://ann:hidden@example.org/answer?key=hidden#part", "https://example.org/answer?…"],
  ["agent@0.1.0+3fa8c1d2", "agent@0.1.0+3fa8c1d2"],
  ["node answer.js --city=Oslo?", "node answer.js --city=Oslo?"],
])("%s is named %s", (target, name) => {
  expect(targetName(target)).toBe(name);
});
