import { expect, test } from "vitest";
import { parseDatasetReference } from "./dataset.ts";
import { DatasetItemContent, datasetItemHashes } from "./datasetItem.ts";

test.each([
  ["intents", { name: "intents", version: { kind: "latest" } }],
  ["my intents@latest", { name: "my intents", version: { kind: "latest" } }],
  ["intents@12", { name: "intents", version: { kind: "number", number: 12 } }],
  ["intents@0123456789ab", { name: "intents", version: { kind: "hash", prefix: "0123456789ab" } }],
])("%s names a version", (text, reference) => {
  expect(parseDatasetReference(text)).toEqual(reference);
});

test.each(["", "@1", "intents@", "intents@0", "intents@ab12", "intents@newest", " intents@1", "a@b@1", "a\n@1"])(
  "%j names none",
  (text) => {
    expect(() => parseDatasetReference(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  },
);

test("an item without an input, or with a field that is none, is refused", () => {
  expect(DatasetItemContent.safeParse({}).success).toBe(false);
  expect(DatasetItemContent.safeParse({ input: null }).success).toBe(false);
  expect(DatasetItemContent.safeParse({ input: "a", output: "b" }).success).toBe(false);
  expect(DatasetItemContent.safeParse({ input: 0 }).success).toBe(true);
});

test("the order of keys does not count, and what is no part of the case counts for the content alone", () => {
  const one = datasetItemHashes(DatasetItemContent.parse({ input: { a: 1, b: 2 }, split: "dev" }));
  const other = datasetItemHashes(DatasetItemContent.parse({ input: { b: 2, a: 1 }, metadata: { by: "ann" } }));
  expect(other.caseHash).toBe(one.caseHash);
  expect(other.hash).not.toBe(one.hash);
  expect(datasetItemHashes(DatasetItemContent.parse({ input: { a: 1, b: 2 }, expectedOutput: "x" })).caseHash).not.toBe(one.caseHash);
});
