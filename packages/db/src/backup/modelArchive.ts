import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { newId } from "@signalbox/model";
import { type NewArchive, openArchiveFile } from "./archive.ts";
import type { ArchiveFile } from "./manifest.ts";

/** A model's file; one that is being written has another ending. */
const MODEL_FILE = /^[\w.-]+\.intents$/;

/** Archives the models of a folder, if there is one. A model is called by its content, so that none changes meanwhile. */
export async function archiveModels(folder: string, archive: NewArchive): Promise<ArchiveFile[]> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => MODEL_FILE.test(name)) : [];
  const files: ArchiveFile[] = [];
  for (const name of names.sort()) files.push(await archive.write(`models/${name}`, createReadStream(join(folder, name))));
  return files;
}

/** Restores a backup's models into a folder, each completely or not at all. */
export async function restoreModels(folder: string, backup: string, models: readonly ArchiveFile[], done: () => void): Promise<void> {
  if (models.length > 0) mkdirSync(folder, { recursive: true });
  for (const file of models) {
    const path = join(folder, file.path.slice("models/".length));
    const unfinished = `${path}.${newId()}`;
    try {
      await pipeline(openArchiveFile(backup, file), createWriteStream(unfinished, { flags: "wx", flush: true }));
      renameSync(unfinished, path);
    } finally {
      rmSync(unfinished, { force: true });
    }
    done();
  }
}
