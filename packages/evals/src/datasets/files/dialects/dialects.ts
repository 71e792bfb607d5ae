import { AppError } from "@signalbox/model";
import { type ColumnChoice, columns } from "./columns.ts";
import type { Dialect } from "./dialect.ts";
import { intents } from "./intents.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { signalbox } from "./signalbox.ts";

/** Every known format of items, in the order in which they are tried. */
const DIALECTS: readonly Dialect[] = [langsmith, langfuse, signalbox, intents];

/** The names of the formats. */
export const DATASET_FORMATS: readonly string[] = DIALECTS.map(({ name }) => name);

/** A choice of format: by a dialect's name, or by columns. */
export interface FormatChoice {
  format?: string;
  columns?: ColumnChoice;
}

/** The dialect of a file, by the choice or by its first row. Throws `invalid_input` where none fits. */
export function dialectOf(file: string, first: unknown, { format, columns: chosen }: FormatChoice): Dialect {
  if (chosen !== undefined) return columns(chosen);
  const dialect = DIALECTS.find(({ name, knows }) => (format === undefined ? knows(first) : name === format));
  if (dialect !== undefined) return dialect;
  const has =
    typeof first === "object" && first !== null && !Array.isArray(first) ? ` It has ${Object.keys(first).slice(0, 20).join(", ")}.` : "";
  throw new AppError("invalid_input", `${file}: its first row is written in no way that is known here.${has}`, {
    hint: `--input and --expected name the columns that are asked and that are right; formats are ${DATASET_FORMATS.join(", ")}.`,
  });
}
