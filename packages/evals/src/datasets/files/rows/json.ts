import { AppError } from "@signalbox/model";
import { z } from "zod";
import { parseJson } from "../../parseFile.ts";
import type { DatasetFile, DatasetRows } from "../datasetFile.ts";

/** The fields in which other APIs wrap their rows. */
const Wrapped = z.union([
  z.array(z.unknown()),
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.object({ examples: z.array(z.unknown()) }).transform(({ examples }) => examples),
]);

/** JSON: an array of rows, or an object with one in `items`, `data` or `examples`. */
export async function jsonRows(file: DatasetFile): Promise<DatasetRows> {
  const parsed = Wrapped.safeParse(parseJson(file.name, await file.text()));
  if (!parsed.success)
    throw new AppError("invalid_input", `${file.name} is no array of rows, and has none as items, data or examples.`, {
      hint: "A file with one JSON value on each line ends in .jsonl.",
    });
  return { count: parsed.data.length, rows: parsed.data.map((value, index) => ({ place: `[${index}]`, value })) };
}
