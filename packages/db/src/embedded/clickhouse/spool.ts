import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newId } from "@signalbox/model";

/** Data of a client, whole, in a file of its own that goes with the handle. */
export type SpooledData = AsyncDisposable & { path: string };

/**
 * Where the data of inserts waits for the engine. The engine never sees
 * a client's bytes as SQL, nor half of an insert whose client went away.
 */
export type Spool = {
  /** Keeps what followed in the statement's text, and the body behind it. Rejects when the body breaks off or cannot be kept. */
  keep: (inline: Buffer, body: Readable | undefined) => Promise<SpooledData>;
};

/** Data goes to the disk in pieces of this size. */
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
