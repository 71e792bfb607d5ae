import { expect, test } from "vitest";
import { measureScoring } from "./measureScoring.ts";

test("scoring more items leaves no more behind", async () => {
  const figures = await measureScoring(5_000, { signal: new AbortController().signal, onProgress: () => {} });
  expect(figures).toMatchObject({ items: 5_000, scorers: ["exact", "token_f1", "levenshtein"], holds: true });
  expect(figures.itemsPerSecond).toBeGreaterThan(0);
});
