import { z } from "zod";
import { compilePattern, PatternFlags, PatternSource } from "../compilePattern.ts";
import { defineScorer, passOrFail } from "../scorer.ts";
import { excerptOf, textOf } from "../textOf.ts";

/** Passes an answer in whose text a regular expression matches anywhere. */
export const regex = defineScorer({
  name: "regex",
  summary: "the regular expression `pattern` (with `flags`) matches somewhere in the answer",
  needs: null,
  options: z.strictObject({ pattern: PatternSource, flags: PatternFlags.default("u") }),
  make: ({ pattern, flags }) => {
    const expression = compilePattern("regex", pattern, flags);
    return (_item, answer) =>
      passOrFail(expression.test(textOf(answer.output)), `${expression} matches nothing in ${excerptOf(answer.output)}`);
  },
});
