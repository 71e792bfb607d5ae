import { AppError } from "@signalbox/model";
import { z } from "zod";
import { defineScorer, passOrFail } from "../scorer.ts";
import { excerptOf, textOf } from "../textOf.ts";

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags.replaceAll(/[gy]/g, ""));
  } catch (cause) {
    throw new AppError("invalid_input", `The pattern of the scorer regex is no regular expression: ${String(cause)}`, { cause });
  }
}

/** Passes an answer in whose text a regular expression matches somewhere. */
export const regex = defineScorer({
  name: "regex",
  summary: "the regular expression `pattern` (with `flags`) matches somewhere in the answer",
  needs: null,
  options: z.strictObject({ pattern: z.string().min(1), flags: z.string().default("u") }),
  make: ({ pattern, flags }) => {
    const expression = compile(pattern, flags);
    return (_item, answer) =>
      passOrFail(expression.test(textOf(answer.output)), `${expression} matches nothing in ${excerptOf(answer.output)}`);
  },
});
