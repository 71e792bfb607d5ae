import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { DatasetItemContent, DatasetSplit } from "./datasetItem.ts";

const Splits = z.union([z.string().transform((split) => [split]), z.array(z.string()).min(1)]);

/** A dataset example as LangSmith's clients write and read it. Its splits are in its metadata, or beside it. */
export const LangSmithExample = z.object({
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  split: Splits.nullish(),
  source_run_id: z.string().nullish(),
});
export type LangSmithExample = z.infer<typeof LangSmithExample>;

/** LangSmith requires an object where we accept any value: a value that is not an object is wrapped as `{ [key]: value }`. */
export function langSmithStruct(value: unknown, key: "input" | "output"): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : { [key]: value };
}

const expectations = ({ expectedToolCalls, expectedState }: DatasetItemContent) => ({
  ...(expectedToolCalls === null ? {} : { expectedToolCalls }),
  ...(expectedState === null ? {} : { expectedState }),
});

function outputsOf(content: DatasetItemContent): Record<string, unknown> | null {
  const outputs = {
    ...(content.expectedOutput === null ? {} : langSmithStruct(content.expectedOutput, "output")),
    ...expectations(content),
  };
  return Object.keys(outputs).length === 0 && content.expectedOutput === null ? null : outputs;
}

/** An item in LangSmith's shape: values that are not objects are wrapped as `{ input }` or `{ output }`. */
export function exampleOfContent(content: DatasetItemContent): Record<string, unknown> {
  const { input, metadata, split } = content;
  return {
    inputs: langSmithStruct(input, "input"),
    outputs: outputsOf(content),
    metadata: split === null || "dataset_split" in metadata ? metadata : { ...metadata, dataset_split: [split] },
  };
}

/**
 * The content of an example as an item. The first of several splits becomes the item's,
 * and the others are kept; fields that an example lacks keep their value in `before`.
 */
export function contentOfExample(
  { inputs, outputs, metadata, split, source_run_id: run }: LangSmithExample,
  before?: DatasetItemContent,
): DatasetItemContent {
  const { dataset_split, ...own } = metadata ?? {};
  const splits = Splits.catch([]).parse(split ?? dataset_split);
  const [first] = splits;
  const isOne = splits.length === 1 && DatasetSplit.safeParse(first).success;
  const { expectedToolCalls, expectedState, ...output } = outputs ?? {};
  const isSame = before !== undefined && isDeepStrictEqual(outputsOf(before), outputs ?? null);
  const isAsked = before !== undefined && isDeepStrictEqual(langSmithStruct(before.input, "input"), inputs ?? {});
  const hasKept = before !== undefined && Object.keys(expectations(before)).length > 0;
  return DatasetItemContent.parse({
    ...before,
    input: isAsked ? before.input : (inputs ?? {}),
    expectedOutput: isSame ? before.expectedOutput : hasKept ? output : (outputs ?? null),
    metadata: {
      ...own,
      ...(splits.length === 0 || isOne ? {} : { dataset_split: split ?? dataset_split }),
      ...(run ? { source_run_id: run } : {}),
    },
    split: DatasetSplit.safeParse(first).data ?? null,
  });
}
