import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { normalised } from "./normalised.ts";

const score = normalised.make({});

test.each([
  ["The Eiffel Tower!", "eiffel tower"],
  ["  Café\n", "cafe"],
  ["42.", "42"],
])("%j is %j", (output, expectedOutput) => {
  expect(score(anItem({ expectedOutput }), anAnswer({ output }))).toMatchObject({ passed: true });
});

test("other words do not pass", () => {
  expect(score(anItem({ expectedOutput: "eiffel tower" }), anAnswer({ output: "eiffel towers" }))).toMatchObject({ passed: false });
});
