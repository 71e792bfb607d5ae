import { distance } from "fastest-levenshtein";
import { defineScorer, graded, PassAt } from "../scorer.ts";
import { textOf } from "../textOf.ts";

/** Scores the similarity of an answer and the expected text: 1 - edits / length of the longer one (Levenshtein 1966). */
export const levenshtein = defineScorer({
  name: "levenshtein",
  summary: "how few edits make the answer the expected text, 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: PassAt,
  make:
    ({ passAt }) =>
    (item, answer) => {
      const [given, expected] = [textOf(answer.output), textOf(item.expectedOutput)];
      const edits = distance(given, expected);
      const longer = Math.max(given.length, expected.length);
      return graded(longer === 0 ? 1 : 1 - edits / longer, passAt, `${edits} edits away`);
    },
});
