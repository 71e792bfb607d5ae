import { expect, test } from "vitest";
import { characterNgrams, wordNgrams, wordsOf } from "./ngrams.ts";

test("words are lower-case runs of letters and digits of any script, an apostrophe inside being part of them", () => {
  expect(wordsOf("I haven’t got my Card #42 — où est-elle, 'please'?")).toEqual([
    "i",
    "haven't",
    "got",
    "my",
    "card",
    "42",
    "où",
    "est",
    "elle",
    "please",
  ]);
  expect(wordsOf(" ?! ")).toEqual([]);
});

test("full-width and composed forms of a text are the same words", () => {
  expect(wordsOf("Ｃａｒｄ cafe\u0301")).toEqual(wordsOf("card café"));
});

test("runs of neighbouring words", () => {
  expect(wordNgrams(["where", "is", "it"], 2)).toEqual(["where", "where is", "is", "is it", "it"]);
});

test("runs of characters stay inside a word and know where it begins and ends", () => {
  expect(characterNgrams(["my", "id"], 3)).toEqual([
    " ",
    "m",
    "y",
    " ",
    " m",
    "my",
    "y ",
    " my",
    "my ",
    " ",
    "i",
    "d",
    " ",
    " i",
    "id",
    "d ",
    " id",
    "id ",
  ]);
});
