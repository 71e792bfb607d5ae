import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "@signalbox/model";
import { makeFolder } from "./makeFolder.ts";

/**
 * The content of a secret file, readable by the folder's owner alone; `make` creates it
 * the first time. An existing file is never written, so that a full disk cannot lose it.
 */
export function keptSecret(file: string, make: () => string): string {
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  keep(file, make());
  return readFileSync(file, "utf8");
}

/** The content of a file; undefined when it does not exist. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Makes the file's existence survive a crash. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes the file unless another process has done so meanwhile. Nobody sees half of it. */
function keep(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  makeFolder(dirname(file));
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    linkSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
