import { AppError } from "@signalbox/model";
import { type ColumnChoice, columns } from "./columns.ts";
import type { Dialect } from "./dialect.ts";
import { intents } from "./intents.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { signalbox } from "./signalbox.ts";

/** Every way of writing items that is known, in the order in which a file is tried. */
const DIALECTS: readonly Dialect[] = [langsmith, langfuse, signalbox, intents];

/** Their names. */
export const DATASET_FORMATS: readonly string[] = DIALECTS.map(({ name }) => name);

/** How somebody says that a file is written: by a dialect's name, or by its columns. */
export interface FormatChoice {
  format?: string;
  columns?: ColumnChoice;
}

/** The dialect of a file, by what was said and by its first row. Throws `invalid_input` where none knows it. */
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
