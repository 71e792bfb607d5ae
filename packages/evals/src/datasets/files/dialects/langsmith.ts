import { DatasetItemContent } from "@signalbox/model";
import { z } from "zod";
import { type Dialect, hasField, itemOf, LooseId, LooseMetadata } from "./dialect.ts";

/** An example as LangSmith exports it, and its client has it. Its splits are in its metadata. */
const Row = z.object({
  id: LooseId,
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  metadata: LooseMetadata,
  split: z.string().nullish(),
  source_run_id: z.string().nullish(),
});

const Splits = z.union([z.string().transform((split) => [split]), z.array(z.string()).min(1)]);

export const langsmith: Dialect = {
  name: "langsmith",
  knows: (row) => hasField(row, "inputs"),
  read(row) {
    const { id, inputs, outputs, metadata, split, source_run_id: run } = Row.parse(row);
    const { dataset_split, ...own } = metadata;
    const [first, ...more] = Splits.catch([]).parse(split ?? dataset_split);
    return itemOf(
      id,
      DatasetItemContent.parse({
        input: inputs,
        expectedOutput: outputs ?? null,
        // Of several splits the first is the item's, and none is lost.
        metadata: { ...own, ...(more.length === 0 ? {} : { dataset_split }), ...(run ? { source_run_id: run } : {}) },
        split: first ?? null,
      }),
    );
  },
};
