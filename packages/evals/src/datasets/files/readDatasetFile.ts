import { AppError, DATASET_ITEM_CHARS_MAX, type DatasetChange, issueText } from "@signalbox/model";
import { ZodError, type z } from "zod";
import type { DatasetFile, PlacedRow } from "./datasetFile.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { dialectOf, type FormatChoice } from "./dialects/dialects.ts";
import { rowsOf } from "./rows/rowsOf.ts";

/** The number of items per batch. */
const BATCH_ITEMS = 500;

/** The most faulty rows that are reported at once; reading stops there. */
const PROBLEMS_MAX = 5;

/** The items of a file. `count` is its number of rows; while they are read, `passedOver` counts the rows that are left out, by reason. */
export interface DatasetFileItems {
  count: number;
  batches: AsyncIterable<DatasetChange[]>;
  passedOver: Map<string, number>;
}

/** Settings for reading a file: its format, and the split of items that name none. */
export interface FileChoice extends FormatChoice {
  split?: string;
}

type Put = Extract<DatasetChange, { kind: "put" }>;

/**
 * Opens a file of items. Iterating throws `invalid_input` with the first five faulty lines and
 * their faults; the writer stores items in one transaction, so that nothing of such a file is kept.
 */
export async function readDatasetFile(file: DatasetFile, choice: FileChoice): Promise<DatasetFileItems> {
  const { count, rows } = await rowsOf(file);
  if (count === 0) throw new AppError("invalid_input", `${file.name} has no row.`);
  const passedOver = new Map<string, number>();
  return { count, passedOver, batches: batchesOf(file.name, rows, choice, passedOver) };
}

async function* batchesOf(
  file: string,
  rows: AsyncIterable<PlacedRow> | Iterable<PlacedRow>,
  choice: FileChoice,
  passedOver: Map<string, number>,
): AsyncGenerator<DatasetChange[]> {
  const problems: string[] = [];
  let dialect: Dialect | undefined;
  let batch: Put[] = [];
  for await (const row of rows) {
    dialect ??= dialectOf(file, row.value, choice);
    const read = readRow(dialect, row, file, choice.split);
    if (typeof read === "string") problems.push(read);
    else if (read.kind === "put") batch.push(read);
    else passedOver.set(read.reason, (passedOver.get(read.reason) ?? 0) + 1);
    if (problems.length === PROBLEMS_MAX) break;
    if (batch.length < BATCH_ITEMS || problems.length > 0) continue;
    yield batch;
    batch = [];
  }
  if (problems.length > 0)
    throw new AppError(
      "invalid_input",
      `${file}, ${problems.join("; ")}${problems.length === PROBLEMS_MAX ? "; and there may be more" : ""}.`,
      {
        hint: "Nothing was written. docs/guides/datasets.md shows what a row may say.",
      },
    );
  if (batch.length > 0) yield batch;
}

/** A row as a change, as one that is left out, or as a fault. */
function readRow(
  dialect: Dialect,
  { place, value }: PlacedRow,
  file: string,
  split: string | undefined,
): Put | { kind: "passed_over"; reason: string } | string {
  try {
    const read = dialect.read(value);
    if (read.kind === "passed_over") return read;
    const content = { ...read.content, split: read.content.split ?? split ?? null };
    if (JSON.stringify(content).length > DATASET_ITEM_CHARS_MAX)
      return `${place}: the item is larger than ${DATASET_ITEM_CHARS_MAX / 1024 / 1024} MiB`;
    return { kind: "put", content, place: `${file}, ${place}`, ...(read.id === undefined ? {} : { id: read.id }) };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues as [z.core.$ZodIssue];
    return `${place}: ${wordsOf(issue)}`;
  }
}

/** The faulty field and its fault. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const [field, words] = [issue.path.join("."), issueText(issue)];
  if (field === "") return words;
  return /^(it )?is missing$/.test(words) ? `${field} is missing` : `${field}: ${words}`;
}
