import { AppError } from "@signalbox/model";
import { z } from "zod";
import { csvRecords } from "../csvRecords.ts";
import { parseJson } from "../parseFile.ts";

/** A message and its intent as labelled by a person. */
export interface IntentRow {
  text: string;
  intent: string;
}

/** Column names for intents; BANKING77 uses `category`. */
const INTENT_NAMES = ["intent", "category", "label"] as const;

const Filled = z.string({ error: "is no text" }).regex(/\S/, { error: "is empty" });
const Pair = z.tuple([Filled, Filled]).transform(([text, intent]): IntentRow => ({ text, intent }));
const Named = z
  .looseObject({ text: Filled, intent: Filled.optional(), category: Filled.optional(), label: Filled.optional() })
  .transform(({ text, intent, category, label }, context): IntentRow => {
    const named = intent ?? category ?? label;
    if (named === undefined) context.addIssue({ code: "custom", path: ["intent"], message: "is missing" });
    return { text, intent: named ?? "" };
  });

/** A pair of text and intent, or an object with both. Throws a `ZodError`. */
export function readIntentRow(value: unknown): IntentRow {
  return (Array.isArray(value) ? Pair : Named).parse(value);
}

/** Reads one row; `where` is its location for error messages. */
function readRow(where: string, value: unknown): IntentRow {
  const parsed = (Array.isArray(value) ? Pair : Named).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const part = issue?.path[0];
  const name = part === 0 ? "text" : part === 1 ? "intent" : part;
  const what = name === undefined ? "it is neither a pair of text and intent nor an object with both" : `${String(name)} ${issue?.message}`;
  throw new AppError("invalid_input", `${where}: ${what}`);
}

function readCsv(file: string, text: string): IntentRow[] {
  const [header, ...records] = csvRecords(file, text);
  const names = header?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const textAt = names.indexOf("text");
  const intentAt = INTENT_NAMES.map((name) => names.indexOf(name)).find((at) => at !== -1);
  if (textAt === -1 || intentAt === undefined)
    throw new AppError(
      "invalid_input",
      `${file}, line 1: the header names no column ${textAt === -1 ? "text" : INTENT_NAMES.join(", ")}.`,
      {
        hint: "The first line names the columns: text,intent",
      },
    );
  return records.map(({ line, cells }) => {
    const where = `${file}, line ${line}`;
    if (cells.length !== names.length)
      throw new AppError("invalid_input", `${where}: there are ${cells.length} cells, and the header names ${names.length} columns`);
    return readRow(where, [cells[textAt], cells[intentAt]]);
  });
}

function readJson(file: string, text: string): IntentRow[] {
  const rows = parseJson(file, text);
  if (!Array.isArray(rows)) throw new AppError("invalid_input", `${file}: it is no array of rows`);
  return rows.map((row, index) => readRow(`${file}: [${index}]`, row));
}

function readJsonLines(file: string, text: string): IntentRow[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${file}, line ${index + 1}`;
    try {
      return [readRow(where, JSON.parse(line))];
    } catch (cause) {
      if (cause instanceof SyntaxError) throw new AppError("invalid_input", `${where}: this is not valid JSON`, { cause });
      throw cause;
    }
  });
}

/** Readers by file extension. */
const READERS: Readonly<Record<string, (file: string, text: string) => IntentRow[]>> = {
  csv: readCsv,
  json: readJson,
  jsonl: readJsonLines,
};

/** The file extensions that `readIntentRows` reads. */
export const INTENT_FILE_KINDS: readonly string[] = Object.keys(READERS);

/**
 * The rows of a file: CSV with a header that names `text` and `intent` (or `category`, `label`); JSON, an array of `[text, intent]` or
 * of objects; or JSON Lines of the same. Throws `invalid_input` that names the file and the line (in JSON, the place in the array).
 */
export function readIntentRows(file: string, text: string): IntentRow[] {
  const read = READERS[file.slice(file.lastIndexOf(".") + 1).toLowerCase()];
  if (read === undefined)
    throw new AppError("invalid_input", `${file} is of no kind that is read here.`, { hint: `Kinds are ${INTENT_FILE_KINDS.join(", ")}.` });
  const rows = read(file, text);
  if (rows.length === 0) throw new AppError("invalid_input", `${file} has no row.`);
  return rows;
}
