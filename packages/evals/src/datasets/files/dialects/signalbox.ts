import { DatasetItemContent, DatasetItemId } from "@signalbox/model";
import { type Dialect, hasField, itemOf, LooseId } from "./dialect.ts";

/** Our own format: an item's fields by their names, and its `id` where it has one. Unknown fields are refused. */
const Row = DatasetItemContent.extend({ id: LooseId.pipe(DatasetItemId.optional()) });

export const signalbox: Dialect = {
  name: "signalbox",
  knows: (row) => hasField(row, "input"),
  read(row) {
    const { id, ...content } = Row.parse(row);
    return itemOf(id, content);
  },
};
