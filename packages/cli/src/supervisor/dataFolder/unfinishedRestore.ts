import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@signalbox/model";

const markerOf = (dataDir: string): string => join(dataDir, "restore-unfinished");

/**
 * A restore that is under way. Disposing it before `finish` calls `clear`, which takes away
 * what was restored, and then takes the mark away: where the one fails, the other stays.
 */
export interface UnfinishedRestore extends Disposable {
  finish(): void;
}

/** Marks a data folder, on disk before anything else is, as one that a backup is being restored into. */
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

/** The backup that a restore into this folder began with and did not come to the end of; undefined where there was none. */
export function unfinishedRestore(dataDir: string): string | undefined {
  try {
    return readFileSync(markerOf(dataDir), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Throws `conflict` where a restore was killed: such a folder opens like a whole one, and misses some of what its backup has. */
export function requireRestored(dataDir: string): void {
  const backup = unfinishedRestore(dataDir);
  if (backup === undefined) return;
  throw new AppError("infrastructure", `The data folder ${dataDir} is not whole: restoring ${backup} into it was interrupted.`, {
    hint: `Restore it again: ./signalbox restore ${backup} --data-dir ${dataDir}`,
  });
}
