import { expect, test } from "vitest";
import { resultText } from "./doctor.ts";

test("advice stands on a line of its own, so that a long finding moves nothing else", () => {
  const results = [
    { name: "node", status: "pass", found: "24.21.0" },
    { name: "stores", status: "fail", found: `DATABASE_URL cannot be used: ${"x".repeat(400)}`, advice: "Correct DATABASE_URL." },
    { name: "clock", status: "warn", found: "behind", advice: "Set the clock." },
  ] as const;
  expect(resultText(results, { isForPerson: false, paint: (_style, text) => text }).split("\n")).toEqual([
    "pass  node    24.21.0",
    `fail  stores  DATABASE_URL cannot be used: ${"x".repeat(400)}`,
    "      → Correct DATABASE_URL.",
    "warn  clock   behind",
    "      → Set the clock.",
  ]);
});
