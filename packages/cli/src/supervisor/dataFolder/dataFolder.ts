import { statfsSync } from "node:fs";
import { dataFolderUnusable, makeFolder, requireWritable } from "@signalbox/db/embedded";
import { AppError } from "@signalbox/model";

/**
 * With less free space nothing is started: the stores alone need about as
 * much to open, and a store that fills its disk is hard to open again.
 */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** The bytes that this user may still write to the disk of `folder`. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Ensures that the data folder exists (for its owner alone), is writable and has room. Throws a one-sentence error where it is not. */
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
