import { expect, test } from "vitest";
import { type DraftRules, draftLine, draftOf, faultsOf, type IntakeRules, rulesOf } from "./draftRules.ts";

const RULES: IntakeRules = {
  redaction: { builtIn: ["email"], patterns: [{ name: "employee", pattern: "EMP-[0-9]+" }], attributes: ["*.password"] },
  sampling: {
    headShare: 0.07,
    tail: { keepErrors: false, slowerThanMs: 2_000, costlierThanUsd: 0.5, scoredBelow: null, restShare: 0.1, waitSeconds: 60 },
  },
};

test("rules become a draft and the same rules again", () => {
  expect(rulesOf(draftOf(RULES))).toEqual(RULES);
  const keepAll = { ...RULES, sampling: { headShare: 1, tail: null } };
  expect(rulesOf(draftOf(keepAll))).toEqual(keepAll);
});

test("blank lines are left out", () => {
  const draft = { ...draftOf(RULES), patterns: [draftLine({ name: "", pattern: "" })], attributes: [draftLine({ name: " " })] };
  expect(rulesOf(draft).redaction).toEqual({ builtIn: ["email"], patterns: [], attributes: [] });
});

test.each<[keyof DraftRules, string]>([
  ["headPercent", "101"],
  ["headPercent", ""],
  ["slowerThanMs", "fast"],
  ["costlierThanUsd", "0"],
  ["scoredBelow", "low"],
  ["restPercent", "-1"],
  ["waitSeconds", "4"],
])("%s cannot be %j", (field, text) => {
  expect(Object.keys(faultsOf({ ...draftOf(RULES), [field]: text }))).toEqual([field]);
});

test("limits of tail sampling are ignored while it is off", () => {
  expect(faultsOf({ ...draftOf(RULES), isTail: false, slowerThanMs: "fast" })).toEqual({});
});
