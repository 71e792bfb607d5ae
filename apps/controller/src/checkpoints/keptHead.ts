import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, Checkpoint } from "@signalbox/model";

/**
 * The last signed checkpoint as kept outside the store; null if there is none. Throws `infrastructure` if the file holds something else.
 */
export async function readKeptHead(path: string): Promise<Checkpoint | null> {
  try {
    return Checkpoint.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new AppError("infrastructure", `The last checkpoint cannot be read from ${path}, so no other one is made.`, { cause });
  }
}

/** Stores a checkpoint as the last one, atomically; resolves when it is durable. */
export async function keepHead(path: string, checkpoint: Checkpoint): Promise<void> {
  const draft = `${path}.${process.pid}`;
  {
    await using file = await open(draft, "w", 0o600);
    await file.writeFile(`${JSON.stringify(checkpoint)}\n`);
    await file.sync();
  }
  await rename(draft, path);
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}
