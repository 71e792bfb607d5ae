import { readFileSync } from "node:fs";
import { AppError } from "@signalbox/model";

/** The text of a file. Throws `invalid_input` if it cannot be read. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
