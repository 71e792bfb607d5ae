import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newId } from "@signalbox/model";

/** A client's data, complete, in a temporary file that is removed on disposal. */
export type SpooledData = AsyncDisposable & { path: string };

/**
 * Stores the data of inserts for the engine, which thus never sees a
 * client's bytes as SQL, nor half of an insert whose client disconnected.
 */
export type Spool = {
  /** Stores the data that followed in the statement's text, and the body after it. Rejects when the body breaks off or cannot be stored. */
  keep: (inline: Buffer, body: Readable | undefined) => Promise<SpooledData>;
};

/** The size of the pieces that are written to the disk. */
const PIECE_BYTES = 1024 * 1024;

/** Empties and reopens the spool in `folder`. */
export function openSpool(folder: string): Spool {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    keep: async (inline, body) => {
      const path = join(folder, newId());
      const remove = (): Promise<void> => rm(path, { force: true });
      const file = createWriteStream(path, { flags: "wx", mode: 0o600, highWaterMark: PIECE_BYTES });
      try {
        if (inline.length > 0) file.write(inline);
        await pipeline(body ?? Readable.from([]), file);
      } catch (error) {
        await remove();
        throw error;
      }
      return { path, [Symbol.asyncDispose]: remove };
    },
  };
}
