import { type Judgement, PASSED, type RunRule } from "./runRule.ts";

/** Compares actual and expected changes, both by document. The reason names documents that differ, are missing or should not be there. */
export function judgeState(given: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>): Judgement {
  const keys = new Set([...Object.keys(given), ...Object.keys(expected)]);
  const differing = [...keys].filter((key) => given[key] !== expected[key]).sort();
  if (differing.length === 0) return PASSED;
  return { passed: false, reason: `not as expected: ${differing.join(", ")}` };
}

/** Passes if the agent left the data as the expected actions leave it. The way there does not matter, nor what it only read. */
export const finalState = {
  name: "final_state",
  score: (run, expected) => judgeState(run.finalState, expected.finalState),
} as const satisfies RunRule;
