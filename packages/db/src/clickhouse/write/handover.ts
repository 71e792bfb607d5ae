import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "@signalbox/model";

/** Data in a file, under a name that the store looks for; it goes with the handle. */
export type HandedOver = AsyncDisposable & { name: string };

/**
 * A folder by which the embedded ClickHouse gets the data of inserts from another process of the machine (`INSERT … FROM INFILE 'name'`):
 * a body would be copied through a socket into a file of its own first. One process at a time writes into it.
 */
export interface Handover {
  /** Writes a file. Rejects where the disk is full, and leaves nothing. */
  keep(data: readonly Buffer[]): Promise<HandedOver>;
}

/** What files are called, so that nothing else goes with them. */
const isOurs = (name: string): boolean => /^handed-[\w-]+$/.test(name);

/** Makes the folder, and removes from it what a process that was killed left. */
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
        // A block has some two hundred pieces, and most of them are small: one write takes them all.
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
