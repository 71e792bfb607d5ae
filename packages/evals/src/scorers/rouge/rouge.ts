import { l, n } from "js-rouge";
import { z } from "zod";
import { defineScorer, graded, PassAt } from "../scorer.ts";
import { textOf, wordsOf } from "../textOf.ts";

const KINDS = { "1": 1, "2": 2, l: "l" } as const;

/**
 * Scores the expected text's words in an answer by ROUGE (Lin 2004):
 * F-measure of single words, of pairs, or of the longest common subsequence.
 */
export const rouge = defineScorer({
  name: "rouge",
  summary: 'ROUGE F-measure, 0 to 1: `kind` "1" (words), "2" (pairs) or "l" (longest common subsequence); passes at `passAt`',
  needs: "expectedOutput",
  options: PassAt.extend({ kind: z.enum(["1", "2", "l"]).default("l") }),
  make:
    ({ kind, passAt }) =>
    (item, answer) => {
      const [given, expected] = [textOf(answer.output), textOf(item.expectedOutput)];
      const shortest = KINDS[kind] === "l" ? 1 : KINDS[kind];
      const [givenWords, expectedWords] = [wordsOf(given), wordsOf(expected)];
      // With fewer words there is no such n-gram: the texts agree or do not.
      if (Math.min(givenWords.length, expectedWords.length) < shortest)
        return graded(givenWords.join(" ") === expectedWords.join(" ") ? 1 : 0, passAt, "too few words to compare");
      const settings = { tokenizer: wordsOf };
      const value = KINDS[kind] === "l" ? l(given, expected, settings) : n(given, expected, { ...settings, n: KINDS[kind] });
      return graded(value, passAt, "other words than expected");
    },
});
