import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@signalbox/model";

const markerOf = (dataDir: string): string => join(dataDir, "restore-unfinished");

/**
 * A restore in progress. Disposing it before `finish` calls `clear`, which deletes
 * what was restored, and then removes the mark: if the deletion fails, the mark stays.
 */
export interface UnfinishedRestore extends Disposable {
  finish(): void;
}

/** Marks a data folder as one into which a backup is being restored; the mark is on disk before anything else. */
export function beginRestore(dataDir: string, backup: string, clear: () => void): UnfinishedRestore {
  let isWhole = false;
  const restore: UnfinishedRestore = {
    finish() {
      isWhole = true;
    },
    [Symbol.dispose]() {
      if (!isWhole) clear();
      rmSync(markerOf(dataDir), { force: true });
    },
  };
  try {
    writeFileSync(markerOf(dataDir), backup, { mode: 0o600, flush: true });
  } catch (error) {
    restore[Symbol.dispose]();
    throw error;
  }
  return restore;
}

/** The backup of an unfinished restore into this folder; undefined where there is none. */
export function unfinishedRestore(dataDir: string): string | undefined {
  try {
    return readFileSync(markerOf(dataDir), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Throws `conflict` after a killed restore: such a folder opens like a complete one, but lacks parts of its backup. */
export function requireRestored(dataDir: string): void {
  const backup = unfinishedRestore(dataDir);
  if (backup === undefined) return;
  throw new AppError("infrastructure", `The data folder ${dataDir} is not whole: restoring ${backup} into it was interrupted.`, {
    hint: `Restore it again: ./signalbox restore ${backup} --data-dir ${dataDir}`,
  });
}
