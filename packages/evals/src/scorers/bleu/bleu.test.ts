import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { bleu, sentenceBleu } from "./bleu.ts";

test("precisions 5/6, 4/6, 3/5 and 2/4, of which those of pairs and more are smoothed", () => {
  const given = "the cat sat on the mat".split(" ");
  const expected = "the cat sat on a mat".split(" ");
  // Clipped matches: 5 of 6, 3 of 5, 2 of 4, 1 of 3; one is added to each of the last three.
  expect(sentenceBleu(given, expected)).toBeCloseTo(((5 / 6) * (4 / 6) * (3 / 5) * (2 / 4)) ** 0.25, 12);
});

test("a text shorter than its reference has a brevity penalty", () => {
  expect(sentenceBleu(["the", "cat"], ["the", "cat", "sat", "down"])).toBeCloseTo(Math.exp(-1), 12);
});

test("the same text is worth 1, one with no common word 0", () => {
  expect(bleu.make({})(anItem(), anAnswer())).toMatchObject({ value: 1 });
  expect(bleu.make({ passAt: 0.5 })(anItem(), anAnswer({ output: "no" }))).toMatchObject({ value: 0, passed: false });
});
