import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolderUnusable, makeFolder } from "@signalbox/db/embedded";
import { AppError, newId } from "@signalbox/model";

/** Below this much free space nothing is started: the stores alone need about as much to open, and a store that fills its disk is hard to open again. */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** Bytes that this user may still write to the disk of `folder`. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Writes a file into a folder and removes it. Throws the one sentence that says why it cannot. */
export function requireWritable(folder: string): void {
  try {
    const probe = join(folder, `.probe-${newId()}`);
    writeFileSync(probe, "x");
    rmSync(probe);
  } catch (cause) {
    throw dataFolderUnusable(cause, folder);
  }
}

/** Makes sure that the data folder is there (for its owner alone), can be written and has room. Throws the one sentence that says why not. */
export function openDataFolder(dataDir: string, freeBytesMin: number = FREE_BYTES_MIN): void {
  try {
    makeFolder(dataDir);
  } catch (cause) {
    throw dataFolderUnusable(cause, dataDir);
  }
  requireWritable(dataDir);
  const free = freeBytes(dataDir);
  if (free >= freeBytesMin) return;
  throw new AppError(
    "infrastructure",
    `The data folder ${dataDir} is on a disk with ${mebibytes(free)} free; Signalbox needs ${mebibytes(freeBytesMin)} to start.`,
    { hint: "Free some space there, or choose another folder with --data-dir or SIGNALBOX_DATA_DIR." },
  );
}
