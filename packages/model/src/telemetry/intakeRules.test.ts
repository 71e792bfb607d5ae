import { expect, test } from "vitest";
import { RedactionRules } from "../redaction/index.ts";
import { changedRules, IntakeRules, IntakeRulesChange, rulesInWords, tryRedaction } from "./intakeRules.ts";

const NONE = IntakeRules.parse({ redaction: {}, sampling: {} });

test("what a change does not name stays, a list takes the place of the one before", () => {
  const first = changedRules(
    NONE,
    IntakeRulesChange.parse({ redaction: { builtIn: ["email"], attributes: ["a"] }, sampling: { tail: {} } }),
  );
  const second = changedRules(
    first.data ?? NONE,
    IntakeRulesChange.parse({ redaction: { attributes: ["b"] }, sampling: { headShare: 0.5 } }),
  );
  expect(second.data).toMatchObject({
    redaction: { builtIn: ["email"], patterns: [], attributes: ["b"] },
    sampling: { headShare: 0.5, tail: { keepErrors: true } },
  });
  expect(changedRules(NONE, IntakeRulesChange.parse({ sampling: { headshare: 1 } })).success).toBe(false);
});

test("rules can be tried on a text, as the value of an attribute", () => {
  const rules = RedactionRules.parse({ builtIn: ["email"], attributes: ["secret"] });
  expect(tryRedaction(rules, "note", "a@example.org, b@example.org")).toEqual({
    text: "[redacted: email], [redacted: email]",
    counts: { email: 2 },
  });
  expect(tryRedaction(rules, "secret", "x")).toEqual({ text: "[redacted: secret]", counts: { secret: 1 } });
});

test("what rules do is said in plain words", () => {
  expect(rulesInWords(NONE)).toEqual(["Nothing is redacted.", "Every trace is taken."]);
  const rules = IntakeRules.parse({
    redaction: { builtIn: ["email"], patterns: [{ name: "employee", pattern: "EMP-[0-9]+" }], attributes: ["*.password"] },
    sampling: { headShare: 0.125, tail: { slowerThanMs: 10_000, costlierThanUsd: 0.5, scoredBelow: 0.4, restShare: 0.01 } },
  });
  expect(rulesInWords(rules)).toEqual([
    "Redacted wherever it stands: email, employee.",
    "Redacted whole: the values of *.password.",
    "12.5 % of the traces are taken, chosen by their id; the others are counted and not stored.",
    "A trace is judged when nothing of it has come for 30 s, and can be read until then: those with an error, slower than 10,000 ms, costlier than $0.5, scored below 0.4 stay, 1 % of all traces stay beside them, the others go.",
  ]);
});
