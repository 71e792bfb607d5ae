import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { INTENT_FILE_KINDS, type IntentRow, readIntentRows } from "@signalbox/evals";
import type { Example } from "@signalbox/intents";
import { AppError } from "@signalbox/model";

/** Names of a folder's files, before the dot, by the use of their rows. CLINC150 and BANKING77 use these. */
const FILES = {
  training: ["train", "oos_train"],
  validation: ["val", "validation", "oos_val"],
} as const;

/** The data on which a model is trained and calibrated. */
export interface IntentData {
  training: Example[];
  validation: Example[];
}

/** Reasons why a path cannot be read, by the operating system's error code, as the end of a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read by this user",
  EISDIR: "is a folder, not a file",
};

function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  return new AppError("invalid_input", `${path} ${REASONS[cause.code ?? ""] ?? `cannot be read (${cause.code})`}.`, { cause });
}

/** Rows as examples; those of the out-of-scope intent have none. */
function examplesOf(rows: readonly IntentRow[], outOfScopeIntent: string): Example[] {
  return rows.map(({ text, intent }) => ({ text, intent: intent === outOfScopeIntent ? null : intent }));
}

/** The examples of one file. Throws `invalid_input` naming the faulty line. */
export async function readIntentFile(path: string, outOfScopeIntent: string): Promise<Example[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  return examplesOf(readIntentRows(path, text), outOfScopeIntent);
}

/** The names in a folder; undefined for a path that is a file. */
async function namesIn(path: string): Promise<string[] | undefined> {
  return readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause);
  });
}

async function readAll(folder: string, names: readonly string[], stems: readonly string[], outOfScopeIntent: string): Promise<Example[]> {
  const wanted = stems.flatMap((stem) => names.filter((name) => INTENT_FILE_KINDS.some((kind) => name === `${stem}.${kind}`)));
  const files = await Promise.all(wanted.map((name) => readIntentFile(join(folder, name), outOfScopeIntent)));
  return files.flat();
}

/** Reads a file of training rows, or a folder whose files' names tell their use. Other files are ignored. */
export async function readIntentData(path: string, outOfScopeIntent: string): Promise<IntentData> {
  const names = await namesIn(path);
  if (names === undefined) return { training: await readIntentFile(path, outOfScopeIntent), validation: [] };
  const training = await readAll(path, names, FILES.training, outOfScopeIntent);
  if (training.every(({ intent }) => intent === null))
    throw new AppError("invalid_input", `${path} has no file of training rows.`, {
      hint: `It is called ${INTENT_FILE_KINDS.map((kind) => `train.${kind}`).join(" or ")}; beside it may stand val, oos_train and oos_val.`,
    });
  return { training, validation: await readAll(path, names, FILES.validation, outOfScopeIntent) };
}

/** The default name of a model made from a file or folder. */
export function nameOf(path: string): string {
  const name = basename(resolve(path))
    .toLowerCase()
    .replace(/\.[a-z]+$/, "");
  return (
    name
      .replace(/[^a-z0-9_.-]+/g, "-")
      .replace(/^[^a-z0-9]+/, "")
      .slice(0, 64) || "intents"
  );
}
