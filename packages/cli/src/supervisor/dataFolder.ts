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

/** Makes sure that the data folder is there (for its owner alone), can be written and has room. Throws the one sentence that says why not. */
export function openDataFolder(dataDir: string, freeBytesMin: number = FREE_BYTES_MIN): void {
  const hint = "Choose another folder with --data-dir or SIGNALBOX_DATA_DIR.";
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const probe = join(dataDir, `.probe-${newId()}`);
    writeFileSync(probe, "x");
    rmSync(probe);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new AppError("infrastructure", `The data folder ${dataDir} ${REASONS[code] ?? `cannot be used (${code})`}.`, { cause, hint });
  }
  const free = freeBytes(dataDir);
  if (free < freeBytesMin) {
    throw new AppError(
      "infrastructure",
      `The data folder ${dataDir} is on a disk with ${mebibytes(free)} free; Signalbox needs ${mebibytes(freeBytesMin)} to start.`,
      { hint: `Free some space, or choose another folder: ${hint.replace("Choose another folder with ", "")}` },
    );
  }
}
