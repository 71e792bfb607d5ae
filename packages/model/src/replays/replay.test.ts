import { expect, test } from "vitest";
import { KeptReplayPlan, ReplayPlan } from "./replay.ts";

const forAll = { output: "a" };
const forOne = { arguments: { id: 1 }, output: "b" };

test("an answer behind one for every call is refused by its place, for it would never be given", () => {
  const refused = ReplayPlan.safeParse({ tools: { think: [forOne, forAll], search: [forAll, forOne] } });
  expect(refused.error?.issues).toMatchObject([{ path: ["tools", "search", 1] }]);
  expect(ReplayPlan.safeParse({ tools: { think: [forOne, forAll] } }).success).toBe(true);
});

test("what the store could not keep, or read again, is refused with its place", () => {
  const refused = ReplayPlan.safeParse({ tools: { think: [{ output: "a\u0000b" }] } });
  expect(refused.error?.issues).toMatchObject([{ message: "plan.tools.think.0.output holds a NUL character or half a surrogate pair." }]);
  expect(ReplayPlan.safeParse({ mode: "live", prompt: { text: "\ud83d" } }).success).toBe(false);
});

test("a plan on record is read, whatever would be refused now", () => {
  expect(KeptReplayPlan.parse({ tools: { search: [forAll, forOne] } }).tools.search).toHaveLength(2);
});
