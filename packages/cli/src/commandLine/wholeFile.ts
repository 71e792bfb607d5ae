import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { AppError } from "@signalbox/model";

/**
 * Writes a file piece by piece such that it ends up complete or keeps its old content. Throws `infrastructure` where it cannot be written.
 */
export async function writeWholeFile(path: string, content: AsyncIterable<string | Uint8Array>): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await pipeline(content, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError("infrastructure", `${path} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}
