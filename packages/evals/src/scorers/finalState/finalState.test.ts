import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { finalState } from "./finalState.ts";

const judge = (state: Record<string, unknown> | null) =>
  finalState.make({})(anItem({ expectedState: { "users/ada": { a: 1, b: 2 } } }), anAnswer({ state }));

test("the same documents pass, whatever the order of their keys", () => {
  expect(judge({ "users/ada": { b: 2, a: 1 } })).toMatchObject({ passed: true });
});

test("a document that differs or should not have changed is named", () => {
  expect(judge({ "users/ada": { a: 1 }, "users/eve": {} })).toMatchObject({ explanation: "not as expected: users/ada, users/eve" });
  expect(judge(null)).toMatchObject({ passed: false });
});
