import { AppError, errorCode } from "@signalbox/model";
import { FOLDER_FAULTS } from "../folderFaults.ts";

/** The error for a data folder that could not be created, read or written. */
export function dataFolderUnusable(cause: unknown, dataDir: string): AppError {
  const code = errorCode(cause);
  return new AppError("infrastructure", `The data folder ${dataDir} ${FOLDER_FAULTS[code] ?? `cannot be used (${code})`}.`, {
    cause,
    hint: "Choose another folder with --data-dir or SIGNALBOX_DATA_DIR.",
  });
}

/**
 * An error from work in a data folder: the sentence about the folder where the operating system refused access, any other error unchanged.
 */
export function asDataFolderFailure(error: unknown, dataDir: string): unknown {
  return error instanceof AppError || !(errorCode(error) in FOLDER_FAULTS) ? error : dataFolderUnusable(error, dataDir);
}
