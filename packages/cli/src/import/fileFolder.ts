import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Folder } from "@signalbox/evals";
import { AppError, errorCode } from "@signalbox/model";

/** Reasons why a path cannot be read, by the operating system's error code, as the end of a sentence. */
const REASONS: Record<string, string> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
  EISDIR: "is a folder, not a file",
  EACCES: "may not be read by this user",
};

/** Reads a path of the folder; throws `invalid_input` naming it where that fails. */
async function reading<T>(path: string, read: Promise<T>): Promise<T> {
  return read.catch((cause: unknown) => {
    const code = errorCode(cause);
    const hint = "Name the folder that holds the files of tau-bench airline.";
    throw new AppError("invalid_input", `${path} ${REASONS[code] ?? `cannot be read (${code})`}.`, { cause, hint });
  });
}

/** A folder on disk. Throws `invalid_input` if it, or a file of it, cannot be read. */
export async function openFileFolder(path: string): Promise<Folder> {
  const folder = resolve(path);
  const names = await reading(folder, readdir(folder));
  return {
    name: folder,
    list: async () => names,
    read: (name) => reading(join(folder, name), readFile(join(folder, name), "utf8")),
  };
}
