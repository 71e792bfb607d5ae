import { normalise } from "../normalised/normalised.ts";
import { defineScorer, graded, PassAt } from "../scorer.ts";
import { textOf } from "../textOf.ts";

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * The harmonic mean of precision and recall over words, counted with
 * multiplicity (SQuAD, Rajpurkar et al. 2016). Two texts without words agree.
 */
export function f1OfWords(given: readonly string[], expected: readonly string[]): number {
  if (given.length === 0 && expected.length === 0) return 1;
  const there = tally(expected);
  let common = 0;
  for (const [word, count] of tally(given)) common += Math.min(count, there.get(word) ?? 0);
  return (2 * common) / (given.length + expected.length);
}

/** Scores the words that an answer shares with the expected text. */
export const tokenF1 = defineScorer({
  name: "token_f1",
  summary: "F1 of the words that the answer shares with the expected text, 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: PassAt,
  make:
    ({ passAt }) =>
    (item, answer) => {
      const words = (value: unknown): string[] => normalise(textOf(value)).split(" ").filter(Boolean);
      return graded(f1OfWords(words(answer.output), words(item.expectedOutput)), passAt, "other words than expected");
    },
});
