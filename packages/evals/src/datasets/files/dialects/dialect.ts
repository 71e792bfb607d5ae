import type { DatasetItemContent } from "@signalbox/model";
import { z } from "zod";

/** What a row comes to: an item, with its id where the file gives one, or nothing, and why. */
export type ReadRow = { kind: "item"; id?: string; content: DatasetItemContent } | { kind: "passed_over"; reason: string };

/**
 * A way to write items as rows. `knows` tells by one row whether a file is written so; `read` throws a `ZodError` for a row that is not.
 */
export interface Dialect {
  name: string;
  knows(row: unknown): boolean;
  read(row: unknown): ReadRow;
}

/** Whether a row is an object that has a field. */
export function hasField(row: unknown, ...names: readonly string[]): boolean {
  return typeof row === "object" && row !== null && names.some((name) => Object.hasOwn(row, name));
}

/** What others keep beside an item: an object, or something else, which gets a name. */
export const LooseMetadata = z
  .unknown()
  .optional()
  .transform((value): Record<string, unknown> => {
    if (value === null || value === undefined) return {};
    const object = z.record(z.string(), z.unknown()).safeParse(value);
    return object.success ? object.data : { value };
  });

/** The id that a row gives, if any; numbers are ids, too. */
export const LooseId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (id === null || id === undefined || id === "" ? undefined : String(id)));

/** An item of a row. */
export function itemOf(id: string | undefined, content: DatasetItemContent): ReadRow {
  return { kind: "item", content, ...(id === undefined ? {} : { id }) };
}
