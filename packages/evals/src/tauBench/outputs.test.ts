import { expect, test } from "vitest";
import { outputs } from "./outputs.ts";
import { anExpectation, aRun } from "./runBuilders.ts";

test("an output is found in any answer, whatever its case and its commas", () => {
  const run = aRun({ answers: ["Hello!", "The Total is $1,786 for both."] });
  expect(outputs.score(run, anExpectation({ outputs: ["1786", "TOTAL"] })).passed).toBe(true);
});

test("an output that is in no answer, or split over two, is missing", () => {
  const run = aRun({ answers: ["17", "86"] });
  expect(outputs.score(run, anExpectation({ outputs: ["17", "1786"] }))).toEqual({ passed: false, reason: "in no answer: 1786" });
});

test("an expected comma is never found, because answers lose theirs", () => {
  expect(outputs.score(aRun({ answers: ["1,786"] }), anExpectation({ outputs: ["1,786"] })).passed).toBe(false);
});
