import { expect, test } from "vitest";
import { Bm25Index } from "./bm25.ts";

const all = (): boolean => true;

function anIndex(texts: Readonly<Record<string, string>>): Bm25Index {
  const index = new Bm25Index();
  for (const [id, text] of Object.entries(texts)) index.put(id, text.split(" "));
  return index;
}

test("rare words tell more than common ones, and a shorter text is the better place for the same word", () => {
  const index = anIndex({
    a: "the card is lost",
    b: "the card the card the card",
    c: "the long story of how one day a card went lost at sea",
  });
  expect(index.search(["lost"], 5, all).map(({ id }) => id)).toEqual(["a", "c"]);
  expect(index.search(["the", "lost"], 1, all).map(({ id }) => id)).toEqual(["a"]);
});

test("scores are those of the formula", () => {
  const index = anIndex({ a: "x x y", b: "y" });
  const idf = Math.log(1 + (2 - 1 + 0.5) / (1 + 0.5));
  const length = 1 - 0.75 + (0.75 * 3) / 2;
  expect(index.search(["x"], 1, all)[0]?.score).toBeCloseTo((idf * 2 * 2.2) / (2 + 1.2 * length), 10);
});

test("what is replaced, removed or not wanted is not found, and terms of removed texts are rare again", () => {
  const index = anIndex({ a: "card", b: "card", c: "loan" });
  index.put("a", ["loan"]);
  index.remove("b");
  index.remove("nobody");
  expect(index.search(["card"], 5, all)).toEqual([]);
  expect(index.search(["loan"], 5, (id) => id !== "c").map(({ id }) => id)).toEqual(["a"]);
  expect(index.size).toBe(2);
});
