import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "@signalbox/model";
import { FAILED_BATCH_NAME } from "./failedBatch.ts";

async function filesOf(path: string): Promise<string[]> {
  const found = resolve(path);
  try {
    if (!(await stat(found)).isDirectory()) return [found];
    const names = await readdir(found);
    return names
      .filter((name) => FAILED_BATCH_NAME.test(name))
      .sort()
      .map((name) => join(found, name));
  } catch (cause) {
    throw new AppError("invalid_input", `${found} cannot be read: ${(cause as Error).message}.`, {
      cause,
      hint: "Name files, or the folder that LANGSMITH_FAILED_TRACES_DIR named where the client ran.",
    });
  }
}

/** The named files, and the client's files in the named folders, without duplicates. Throws `invalid_input` for a missing path. */
export async function listBatchFiles(paths: readonly string[]): Promise<string[]> {
  const files = await Promise.all(paths.map(filesOf));
  return [...new Set(files.flat())];
}
