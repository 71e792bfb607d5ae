import { contentOfExample, LangSmithExample } from "@signalbox/model";
import { z } from "zod";
import { type Dialect, hasField, itemOf, LooseId, LooseMetadata } from "./dialect.ts";

/** An example as LangSmith exports it and its client returns it. */
const Row = LangSmithExample.extend({ id: LooseId, inputs: z.record(z.string(), z.unknown()), metadata: LooseMetadata });

export const langsmith: Dialect = {
  name: "langsmith",
  knows: (row) => hasField(row, "inputs"),
  read(row) {
    const { id, ...example } = Row.parse(row);
    return itemOf(id, contentOfExample(example));
  },
};
