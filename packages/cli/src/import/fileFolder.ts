import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Folder } from "@signalbox/evals";
import { AppError } from "@signalbox/model";

/** A folder of this machine's disk. Throws `invalid_input` if it cannot be read. */
export async function openFileFolder(path: string): Promise<Folder> {
  const folder = resolve(path);
  try {
    const names = await readdir(folder);
    return { list: async () => names, read: (name) => readFile(join(folder, name), "utf8") };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const why =
      { ENOENT: "does not exist", ENOTDIR: "is not a folder", EACCES: "may not be read by this user" }[code] ?? `cannot be read (${code})`;
    throw new AppError("invalid_input", `${folder} ${why}.`, { cause, hint: "Name the folder that holds the files of tau-bench airline." });
  }
}
