import { expect, test } from "vitest";
import { DatasetItemContent } from "./datasetItem.ts";
import { contentOfExample, exampleOfContent, LangSmithExample } from "./langSmithExample.ts";

const read = (example: object) => LangSmithExample.parse(example);

test("an example is an item, and the item that example again", () => {
  const example = { inputs: { q: 1 }, outputs: { a: 2 }, metadata: { by: "ann", dataset_split: ["dev"] } };
  const content = contentOfExample(read(example));
  expect(content).toMatchObject({ input: { q: 1 }, expectedOutput: { a: 2 }, metadata: { by: "ann" }, split: "dev" });
  expect(exampleOfContent(content)).toEqual(example);
});

test("of several splits the first is the item's, and a name that is none of ours is kept in the metadata alone", () => {
  expect(contentOfExample(read({ inputs: {}, split: ["dev", "hard"] }))).toMatchObject({
    split: "dev",
    metadata: { dataset_split: ["dev", "hard"] },
  });
  expect(contentOfExample(read({ inputs: {}, split: "so hard" }))).toMatchObject({ split: null, metadata: { dataset_split: ["so hard"] } });
});

test("an item of ours goes through LangSmith's words unchanged, whatever it says", () => {
  const item = DatasetItemContent.parse({
    ...{
      input: "Where is it?",
      expectedOutput: "here",
      expectedToolCalls: [{ name: "find", arguments: {} }],
      expectedState: { "a/1": {} },
    },
    ...{ metadata: { by: "ann" }, split: "test", source: { traceId: "t" } },
  });
  const example = exampleOfContent(item);
  expect(example).toMatchObject({ inputs: { input: "Where is it?" }, outputs: { output: "here", expectedToolCalls: [{ name: "find" }] } });
  expect(contentOfExample(read(example), item)).toEqual(item);
  const corrected = contentOfExample(read({ ...example, outputs: { ...(example.outputs as object), output: "there" } }), item);
  expect(corrected).toEqual({ ...item, expectedOutput: { output: "there" } });
});
