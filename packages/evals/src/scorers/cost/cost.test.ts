import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { cost } from "./cost.ts";

test("just enough is allowed, more is not", () => {
  const judge = cost.make({ maxUsd: 10 });
  expect(judge(anItem(), anAnswer({ costUsd: 10 }))).toMatchObject({ value: 1, passed: true });
  expect(judge(anItem(), anAnswer({ costUsd: 11 }))).toEqual({ value: 0, passed: false, explanation: "11 USD, 10 USD are allowed" });
});

test("a target that does not say what it used is not within its budget", () => {
  expect(cost.make({ maxUsd: 10 })(anItem(), anAnswer({ costUsd: null }))).toMatchObject({ passed: false });
});
