import { expect, test } from "vitest";
import { chunksOf } from "./chunksOf.ts";

const words = (count: number, word: string): string => Array.from({ length: count }, () => word).join(" ");

test("a short text is one chunk, and paragraphs go together while they fit", () => {
  expect(chunksOf("one\n\ntwo")).toEqual(["one\n\ntwo"]);
  const [first, second] = [words(150, "card"), words(150, "loan")];
  expect(chunksOf(`${first}\n\n${second}\n\nend`)).toEqual([first, `${second}\n\nend`]);
});

test("a paragraph that is too long is cut between sentences, a sentence between words, a word anywhere", () => {
  const sentence = `${words(100, "money")}.`;
  expect(chunksOf(`${sentence} ${sentence} ${sentence}`)).toEqual([`${sentence}`, sentence, sentence]);
  for (const text of [words(1_000, "word"), "x".repeat(5_000), "😀".repeat(2_000)]) {
    const chunks = chunksOf(text);
    expect(chunks.every((chunk) => chunk.length <= 1_200 && chunk.isWellFormed())).toBe(true);
    expect(chunks.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  }
});

test("a text of blanks has no chunk", () => {
  expect(chunksOf(" \n\n ")).toEqual([]);
});
