import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, newId } from "@signalbox/model";

/** Below this much free space nothing is started: the stores alone need about as much to open, and a store that fills its disk is hard to open again. */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;

/** What the operating system says of a folder that cannot be used, as the end of a sentence about it. */
const REASONS: Record<string, string> = {
  EROFS: "is on a read-only disk",
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  ENOSPC: "is on a disk that is full",
  EDQUOT: "is on a disk whose quota for this user is used up",
  EEXIST: "is a file, not a folder",
  ENOTDIR: "is inside something that is not a folder",
};

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** Bytes that this user may still write to the disk of `folder`. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const HINT = "Choose another folder with --data-dir or SIGNALBOX_DATA_DIR.";

function unusable(folder: string, cause: unknown): AppError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return new AppError("infrastructure", `The data folder ${folder} ${REASONS[code] ?? `cannot be used (${code})`}.`, { cause, hint: HINT });
}

/** Writes a file into a folder and removes it. Throws the one sentence that says why it cannot. */
export function requireWritable(folder: string): void {
  try {
    const probe = join(folder, `.probe-${newId()}`);
    writeFileSync(probe, "x");
    rmSync(probe);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

/** Makes sure that the data folder is there (for its owner alone), can be written and has room. Throws the one sentence that says why not. */
export function openDataFolder(dataDir: string, freeBytesMin: number = FREE_BYTES_MIN): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(dataDir, cause);
  }
  requireWritable(dataDir);
  const free = freeBytes(dataDir);
  if (free >= freeBytesMin) return;
  throw new AppError(
    "infrastructure",
    `The data folder ${dataDir} is on a disk with ${mebibytes(free)} free; Signalbox needs ${mebibytes(freeBytesMin)} to start.`,
    { hint: `Free some space there. ${HINT}` },
  );
}
