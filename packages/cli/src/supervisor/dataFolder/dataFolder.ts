import { statfsSync } from "node:fs";
import { dataFolderUnusable, makeFolder, requireWritable } from "@signalbox/db/embedded";
import { AppError } from "@signalbox/model";

/**
 * Below this much free space nothing is started: the stores alone need about
 * as much to open, and a store that fills its disk is hard to open again.
 */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** Bytes that this user may still write to the disk of `folder`. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/**
 * Makes sure that the data folder is there (for its owner alone), can be written and has room. Throws the one sentence that says why not.
 */
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
