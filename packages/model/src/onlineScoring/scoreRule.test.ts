import { expect, test } from "vitest";
import { traceIdOf } from "../ids.ts";
import { isSampled } from "../telemetry/sampling.ts";
import { isInScoredShare } from "./isInScoredShare.ts";
import { ScoreRuleDraft } from "./scoreRule.ts";

const ids = Array.from({ length: 10_000 }, (_, index) => traceIdOf(String(index)));

test("a share of traces is scored, among those too that head sampling kept; a larger share has the smaller one's", () => {
  const tenth = ids.filter((id) => isInScoredShare(id, 0.1));
  expect(Math.abs(tenth.length - 1_000)).toBeLessThan(100);
  expect(tenth.every((id) => isInScoredShare(id, 0.5))).toBe(true);
  const kept = ids.filter((id) => isSampled(id, 0.5));
  expect(Math.abs(kept.filter((id) => isInScoredShare(id, 0.1)).length / kept.length - 0.1)).toBeLessThan(0.02);
  expect(ids.every((id) => isInScoredShare(id, 1))).toBe(true);
});

test.each([{ share: 0 }, { share: 1.5 }, { scorers: [] }, { name: "Kind ones" }, { filter: { nobody: 1 } }])(
  "%j makes no rule",
  (wrong) => {
    expect(ScoreRuleDraft.safeParse({ project: "shop", name: "kind", scorers: [{ name: "exact" }], ...wrong }).success).toBe(false);
  },
);
