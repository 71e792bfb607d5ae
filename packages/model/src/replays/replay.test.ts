import { expect, test } from "vitest";
import { KeptReplayPlan, ReplayPlan } from "./replay.ts";

const forAll = { output: "a" };
const forOne = { arguments: { id: 1 }, output: "b" };

test("an answer behind one for every call is refused by its place, for it would never be given", () => {
  const refused = ReplayPlan.safeParse({ tools: { think: [forOne, forAll], search: [forAll, forOne] } });
  expect(refused.error?.issues).toMatchObject([{ path: ["tools", "search", 1] }]);
  expect(ReplayPlan.safeParse({ tools: { think: [forOne, forAll] } }).success).toBe(true);
});

test("a plan on record is read, whatever would be refused now", () => {
  expect(KeptReplayPlan.parse({ tools: { search: [forAll, forOne] } }).tools.search).toHaveLength(2);
});
