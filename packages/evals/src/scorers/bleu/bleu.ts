import { defineScorer, graded, PassAt } from "../scorer.ts";
import { textOf, wordsOf } from "../textOf.ts";

const ORDER_MAX = 4;

function gramsOf(words: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + order <= words.length; at += 1) {
    const gram = words.slice(at, at + order).join(" ");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/**
 * BLEU of one sentence, 0 to 1 (Papineni et al. 2002): brevity penalty times the geometric mean of the clipped precisions of 1- to
 * 4-grams, with add-one smoothing of those of two words and more (Lin and Och 2004, "BLEU+1"), so that a short text is not worth nothing.
 */
export function sentenceBleu(given: readonly string[], expected: readonly string[]): number {
  if (given.length === 0 || expected.length === 0) return given.length === expected.length ? 1 : 0;
  let logs = 0;
  for (let order = 1; order <= ORDER_MAX; order += 1) {
    const there = gramsOf(expected, order);
    let common = 0;
    for (const [gram, count] of gramsOf(given, order)) common += Math.min(count, there.get(gram) ?? 0);
    const total = Math.max(0, given.length - order + 1);
    const smoothing = order === 1 ? 0 : 1;
    if (common + smoothing === 0) return 0;
    logs += Math.log((common + smoothing) / (total + smoothing)) / ORDER_MAX;
  }
  const brevity = given.length >= expected.length ? 1 : Math.exp(1 - expected.length / given.length);
  return brevity * Math.exp(logs);
}

/** Scores the n-grams that an answer shares with the expected text, by BLEU. */
export const bleu = defineScorer({
  name: "bleu",
  summary: "smoothed sentence BLEU of up to 4 words, 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: PassAt,
  make:
    ({ passAt }) =>
    (item, answer) =>
      graded(sentenceBleu(wordsOf(textOf(answer.output)), wordsOf(textOf(item.expectedOutput))), passAt, "other words than expected"),
});
