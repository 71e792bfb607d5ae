import { expect, test } from "vitest";
import { finalState } from "./finalState.ts";
import { anExpectation, aRun } from "./runBuilders.ts";

test("the same documents with the same content pass", () => {
  const state = { "users/ada_1": '{"a":1}', "reservations/R1": "{}" };
  expect(finalState.score(aRun({ finalState: state }), anExpectation({ finalState: { ...state } })).passed).toBe(true);
});

test("a document that differs, is missing or should not have changed is named", () => {
  const run = aRun({ finalState: { "users/ada_1": '{"a":1}', "users/eve_1": "{}" } });
  const expected = anExpectation({ finalState: { "users/ada_1": '{"a":2}', "reservations/R1": "{}" } });
  expect(finalState.score(run, expected)).toEqual({ passed: false, reason: "not as expected: reservations/R1, users/ada_1, users/eve_1" });
});
