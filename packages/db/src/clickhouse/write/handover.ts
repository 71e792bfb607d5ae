import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "@signalbox/model";

/** Data in a file, under a name that the store looks for; the file is removed when this is disposed. */
export type HandedOver = AsyncDisposable & { name: string };

/**
 * A folder through which the embedded ClickHouse receives inserts from another process of the machine (`INSERT … FROM INFILE
 * 'name'`); a body sent through a socket would first be copied to a file. Only one process may write into it at a time.
 */
export interface Handover {
  /** Writes a file. Rejects where the disk is full, and leaves nothing behind. */
  keep(data: readonly Buffer[]): Promise<HandedOver>;
}

/** The pattern of our file names, so that no other file is removed. */
const isOurs = (name: string): boolean => /^handed-[\w-]+$/.test(name);

/** Creates the folder, and removes files left by a killed process. */
export function openHandover(folder: string): Handover {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder).filter(isOurs)) rmSync(join(folder, name));
  return {
    async keep(data) {
      const name = `handed-${newId()}`;
      const path = join(folder, name);
      const remove = (): Promise<void> => rm(path, { force: true });
      try {
        await using file = await open(path, "wx", 0o600);
        // A block has some two hundred pieces, most of them small: one write takes them all.
        const { bytesWritten } = await file.writev(data);
        const bytes = data.reduce((sum, { length }) => sum + length, 0);
        if (bytesWritten !== bytes) throw new Error(`the disk took ${bytesWritten} of ${bytes} bytes`);
      } catch (error) {
        await remove();
        throw error;
      }
      return { name, [Symbol.asyncDispose]: remove };
    },
  };
}
