import { expect, test } from "vitest";
import { fitVocabulary, tfIdfVectoriser } from "./tfIdf.ts";

const DOCUMENTS = [
  ["card", "lost", "card"],
  ["card", "arrived"],
  ["top", "arrived"],
];

test("only terms of enough documents are learnt, and rare ones tell more", () => {
  const { terms, idf } = fitVocabulary(DOCUMENTS, 2);
  expect(terms).toEqual(["arrived", "card"]);
  expect([...idf]).toEqual([expect.closeTo(Math.log(4 / 3) + 1, 6), expect.closeTo(Math.log(4 / 3) + 1, 6)]);
  const all = fitVocabulary(DOCUMENTS, 1);
  expect(all.idf[all.terms.indexOf("lost")]).toBeCloseTo(Math.log(4 / 2) + 1, 6);
});

test("a row has the length that it should, and a term said twice weighs 1 + ln 2 times as much", () => {
  const vocabulary = { terms: ["card", "lost"], idf: Float32Array.of(1, 1) };
  const { features, values } = tfIdfVectoriser(vocabulary, 1.5)(["lost", "card", "unknown", "card"]);
  const byTerm = new Map([...features].map((feature, at) => [vocabulary.terms[feature], values[at] ?? 0]));
  expect(Math.hypot(...values)).toBeCloseTo(1.5, 6);
  expect((byTerm.get("card") ?? 0) / (byTerm.get("lost") ?? 0)).toBeCloseTo(1 + Math.log(2), 5);
});

test("a document without a known term is an empty row", () => {
  const row = tfIdfVectoriser(fitVocabulary(DOCUMENTS, 1), 1)(["nothing"]);
  expect(row).toEqual({ features: new Int32Array(), values: new Float32Array() });
});
