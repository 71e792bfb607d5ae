import { AppError, errorCode } from "@signalbox/model";

/** Reasons why a folder cannot be used, by the operating system's error code, as the end of a sentence. */
const REASONS: Record<string, string> = {
  EROFS: "is on a read-only disk",
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  ENOSPC: "is on a disk that is full",
  EDQUOT: "is on a disk whose quota for this user is used up",
  EEXIST: "is a file, not a folder",
  ENOTDIR: "is inside something that is not a folder",
};

/** The error for a data folder that could not be created, read or written. */
export function dataFolderUnusable(cause: unknown, dataDir: string): AppError {
  const code = errorCode(cause);
  return new AppError("infrastructure", `The data folder ${dataDir} ${REASONS[code] ?? `cannot be used (${code})`}.`, {
    cause,
    hint: "Choose another folder with --data-dir or SIGNALBOX_DATA_DIR.",
  });
}

/**
 * An error from work in a data folder: the sentence about the folder where the operating system refused access, any other error unchanged.
 */
export function asDataFolderFailure(error: unknown, dataDir: string): unknown {
  return error instanceof AppError || !(errorCode(error) in REASONS) ? error : dataFolderUnusable(error, dataDir);
}
