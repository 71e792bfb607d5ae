import type { DatasetItemContent } from "@signalbox/model";
import { z } from "zod";

/** The result of reading a row: an item, with its id where the file gives one, or nothing, with the reason. */
export type ReadRow = { kind: "item"; id?: string; content: DatasetItemContent } | { kind: "passed_over"; reason: string };

/** A format of items as rows. `knows` recognises a file by one row; `read` throws a `ZodError` for a row that does not fit. */
export interface Dialect {
  name: string;
  knows(row: unknown): boolean;
  read(row: unknown): ReadRow;
}

/** Whether a row is an object with all of the given fields. */
export function hasField(row: unknown, ...names: readonly string[]): boolean {
  return typeof row === "object" && row !== null && names.some((name) => Object.hasOwn(row, name));
}

/** Foreign metadata of an item: an object, or any other value, which is wrapped in one. */
export const LooseMetadata = z
  .unknown()
  .optional()
  .transform((value): Record<string, unknown> => {
    if (value === null || value === undefined) return {};
    const object = z.record(z.string(), z.unknown()).safeParse(value);
    return object.success ? object.data : { value };
  });

/** The id of a row, if any; numbers are accepted. */
export const LooseId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (id === null || id === undefined || id === "" ? undefined : String(id)));

/** An item of a row. */
export function itemOf(id: string | undefined, content: DatasetItemContent): ReadRow {
  return { kind: "item", content, ...(id === undefined ? {} : { id }) };
}
