import { expect, test } from "vitest";
import { newRuleDraft, readRule } from "./ruleDraft.ts";

const whole = { ...newRuleDraft("0123456789abcdef"), name: "tool-away", reason: "it passes" };

test("a rule is read with its numbers, and what is left empty is no condition", () => {
  expect(readRule("shop", { ...whole, errorClass: " " })).toEqual({
    rule: {
      ...{ project: "shop", name: "tool-away", fingerprint: "0123456789abcdef", errorClass: null, reason: "it passes" },
      ...{ lettersMax: 100, minutes: 60, runsMax: 2 },
    },
  });
});

test("what is wrong is said of its field", () => {
  expect(readRule("shop", { ...whole, fingerprint: "" })).toEqual({ faults: { fingerprint: "name a group, an error class, or both" } });
  const empty = readRule("shop", { ...whole, fingerprint: "", name: "Tool" });
  expect(Object.keys("faults" in empty ? empty.faults : {})).toEqual(["name", "fingerprint"]);
  const wrong = readRule("shop", { ...whole, name: "Tool", lettersMax: "", minutes: "1.5", runsMax: "101", reason: " " });
  expect(Object.keys("faults" in wrong ? wrong.faults : {})).toEqual(["name", "lettersMax", "minutes", "runsMax", "reason"]);
});
