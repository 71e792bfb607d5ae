import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newId } from "@signalbox/model";

/** Data of a client, whole, in a file of its own that goes with the handle. */
export type SpooledData = AsyncDisposable & { path: string };

/** Where the data of inserts waits for the engine. The engine never sees a client's bytes as SQL, nor half of an insert whose client went away. */
export type Spool = { keep: (pieces: Iterable<Buffer> | AsyncIterable<Buffer>) => Promise<SpooledData> };

/** Empties and reopens the spool in `folder`. */
export function openSpool(folder: string): Spool {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    keep: async (pieces) => {
      const path = join(folder, newId());
      const remove = (): Promise<void> => rm(path, { force: true });
      try {
        await pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(path, { flags: "wx", mode: 0o600 }));
      } catch (error) {
        await remove();
        throw error;
      }
      return { path, [Symbol.asyncDispose]: remove };
    },
  };
}
