import { z } from "zod";
import { compilePattern, PatternFlags, PatternSource } from "../compilePattern.ts";
import { defineScorer, passOrFail } from "../scorer.ts";
import { textOf } from "../textOf.ts";

/** Passes an answer without text that a policy forbids: promises that nobody may make, words of other customers. */
export const forbidden = defineScorer({
  name: "forbidden",
  summary: "none of the regular expressions `patterns` (with `flags`) matches anywhere in the answer",
  needs: null,
  options: z.strictObject({ patterns: z.array(PatternSource).min(1).max(200), flags: PatternFlags.default("iu") }),
  make: ({ patterns, flags }) => {
    const expressions = patterns.map((pattern) => compilePattern("forbidden", pattern, flags));
    return (_item, answer) => {
      const text = textOf(answer.output);
      const found = expressions.filter((expression) => expression.test(text));
      return passOrFail(found.length === 0, `the answer has what ${found.join(" and ")} forbids`);
    };
  },
});
