import { z } from "zod";
import { defineScorer, passOrFail } from "../scorer.ts";
import { textOf } from "../textOf.ts";

/** Passes an answer that contains the expected text; of a list, all of them. */
export const contains = defineScorer({
  name: "contains",
  summary: "the expected text, or every one of a list, is in the answer; case counts with `caseSensitive`",
  needs: "expectedOutput",
  options: z.strictObject({ caseSensitive: z.boolean().default(false) }),
  make: ({ caseSensitive }) => {
    const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase());
    return (item, answer) => {
      const wanted = Array.isArray(item.expectedOutput) ? item.expectedOutput.map(textOf) : [textOf(item.expectedOutput)];
      const text = fold(textOf(answer.output));
      const missing = wanted.filter((one) => !text.includes(fold(one)));
      return passOrFail(missing.length === 0, `not in the answer: ${missing.join(", ")}`);
    };
  },
});
