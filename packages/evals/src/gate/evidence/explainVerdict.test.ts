import { expect, test } from "vitest";
import { explainVerdict } from "./explainVerdict.ts";
import { aKeptVerdict, someRunEvidence } from "./verdictBuilders.ts";

test("a verdict as it was kept is what its policy makes of its evidence", () => {
  const explained = explainVerdict(aKeptVerdict());
  expect(explained).toMatchObject({ differsAt: null, recomputed: { verdict: "fail" } });
  expect(explainVerdict(aKeptVerdict({ baseline: null }))).toMatchObject({ differsAt: null, recomputed: { verdict: "inconclusive" } });
});

test("a verdict that somebody changed differs, and so does one whose evidence is other", () => {
  const kept = aKeptVerdict();
  expect(explainVerdict({ ...kept, verdict: { ...kept.verdict, verdict: "pass" } }).differsAt).toBe("verdict");
  const candidate = someRunEvidence("new", 60, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect(explainVerdict({ ...kept, evidence: { ...kept.evidence, candidate } }).differsAt).toMatch(/^metrics\.0\./);
});
