import { DatasetItemContent } from "@signalbox/model";
import { readIntentRow } from "../../intents/readIntentRows.ts";
import { type Dialect, hasField, itemOf } from "./dialect.ts";

/** Labelled messages as in CLINC150 (pairs) and BANKING77 (`text`, `category`): the text is the input, its intent the expectation. */
export const intents: Dialect = {
  name: "intents",
  knows: (row) => (Array.isArray(row) && row.length === 2) || (hasField(row, "text") && hasField(row, "intent", "category", "label")),
  read(row) {
    const { text, intent } = readIntentRow(row);
    return itemOf(undefined, DatasetItemContent.parse({ input: text, expectedOutput: intent }));
  },
};
