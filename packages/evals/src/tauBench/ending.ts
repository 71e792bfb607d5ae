import { PASSED, type RunRule } from "./runRule.ts";

/** Passes if the conversation came to its end within the allowed number of steps. */
export const ending = {
  name: "ending",
  score(run, expected) {
    if (!run.ended) return { passed: false, reason: `no end in ${run.steps} steps` };
    if (run.steps > expected.endsWithin) return { passed: false, reason: `it took ${run.steps} steps, ${expected.endsWithin} are allowed` };
    return PASSED;
  },
} as const satisfies RunRule;
