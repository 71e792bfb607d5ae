import { defineScorer, NoOptions, passOrFail } from "../scorer.ts";
import { excerptOf, textOf, wordsOf } from "../textOf.ts";

/**
 * A text without differences that do not change its meaning: case, accents, punctuation,
 * white space, and the English articles (the rule of SQuAD, Rajpurkar et al. 2016).
 */
export function normalise(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
  return wordsOf(plain)
    .filter((word) => !["a", "an", "the"].includes(word))
    .join(" ");
}

/** Passes an answer that equals the expected one, ignoring case, accents, punctuation, white space and articles. */
export const normalised = defineScorer({
  name: "normalised",
  summary: "the answer is the expected one but for case, accents, punctuation, white space and articles",
  needs: "expectedOutput",
  options: NoOptions,
  make: () => (item, answer) =>
    passOrFail(
      normalise(textOf(answer.output)) === normalise(textOf(item.expectedOutput)),
      `expected ${excerptOf(item.expectedOutput)}, got ${excerptOf(answer.output)}`,
    ),
});
