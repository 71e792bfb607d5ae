import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newId } from "@signalbox/model";
import { dataFolderUnusable } from "./dataFolderFailure.ts";

/** Writes a file into a data folder and removes it. Throws a one-sentence error where that fails; nothing is left then either. */
export function requireWritable(folder: string): void {
  const probe = join(folder, `.probe-${newId()}`);
  try {
    writeFileSync(probe, "x");
  } catch (cause) {
    throw dataFolderUnusable(cause, folder);
  } finally {
    if (existsSync(probe)) rmSync(probe);
  }
}
