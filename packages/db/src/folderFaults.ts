/** Why a folder cannot be used, by the operating system's error code, as the end of a sentence. */
export const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EROFS: "is on a read-only disk",
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  ENOSPC: "is on a disk that is full",
  EDQUOT: "is on a disk whose quota for this user is used up",
  EEXIST: "is a file, not a folder",
  ENOTDIR: "is inside something that is not a folder",
};
