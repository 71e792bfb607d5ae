import { PASSED, type RunRule } from "./runRule.ts";

/** Passes if every expected text occurs in an answer, ignoring case and commas in answers, so that `1,786` matches `1786`. */
export const outputs = {
  name: "outputs",
  score(run, expected) {
    const answers = run.answers.map((answer) => answer.toLowerCase().replaceAll(",", ""));
    const missing = expected.outputs.filter((output) => !answers.some((answer) => answer.includes(output.toLowerCase())));
    if (missing.length === 0) return PASSED;
    return { passed: false, reason: `in no answer: ${missing.join(", ")}` };
  },
} as const satisfies RunRule;
