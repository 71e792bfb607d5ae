import { PASSED, type Scorer } from "../scorer.ts";

/** Passes if the agent left the data as the expected actions leave it. How it got there does not matter, nor what it only read. */
export const finalState = {
  name: "final_state",
  score(run, expected) {
    const keys = new Set([...Object.keys(run.finalState), ...Object.keys(expected.finalState)]);
    const differing = [...keys].filter((key) => run.finalState[key] !== expected.finalState[key]).sort();
    if (differing.length === 0) return PASSED;
    return { passed: false, reason: `not as expected: ${differing.join(", ")}` };
  },
} as const satisfies Scorer;
