import { AppError } from "@signalbox/model";

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

/** The one sentence about a data folder that cannot be used; any other error stays what it is. */
export function asDataFolderFailure(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS[code];
  if (reason === undefined || error instanceof AppError) return error;
  return new AppError("infrastructure", `The data folder ${dataDir} ${reason}.`, {
    cause: error,
    hint: "Choose another folder with SIGNALBOX_DATA_DIR.",
  });
}
