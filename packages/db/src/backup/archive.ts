import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline as pipe, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress, constants as zlib } from "node:zlib";
import { AppError, errorCode, parsedJson } from "@signalbox/model";
import { z } from "zod";
import { FOLDER_FAULTS } from "../folderFaults.ts";
import { type ArchiveFile, archiveFiles, MANIFEST_FILE, Manifest } from "./manifest.ts";

const FOLDERS = ["postgres", "clickhouse", "models"] as const;

/** A backup that is being written. Disposing it before `finish` deletes its files: half a backup must not be mistaken for a whole one. */
export interface NewArchive extends Disposable {
  /**
   * Writes a compressed file of the backup, and resolves when it is on disk.
   * Throws what `content` throws, and a readable error where the disk is full.
   */
  write(path: string, content: Readable): Promise<ArchiveFile>;
  finish(manifest: Manifest): void;
}

/** Starts a backup in a folder that is empty or does not exist yet. */
export function createArchive(folder: string): NewArchive {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new AppError("conflict", `The folder ${folder} is not empty.`, {
        hint: "Name one that is not there yet: a backup has its folder to itself.",
      });
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asArchiveFailure(error, folder);
  }
  let isFinished = false;
  return {
    write: (path, content) => writeFile(folder, path, content),
    finish(manifest) {
      try {
        writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
      } catch (error) {
        throw asArchiveFailure(error, folder);
      }
      isFinished = true;
    },
    [Symbol.dispose]() {
      if (isFinished) return;
      for (const name of [...FOLDERS, MANIFEST_FILE]) rmSync(join(folder, name), { recursive: true, force: true });
    },
  };
}

async function writeFile(folder: string, path: string, content: Readable): Promise<ArchiveFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const compress = createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 1 } });
  try {
    await pipeline(content, compress, measure, createWriteStream(join(folder, path), { flags: "wx", mode: 0o600, flush: true }));
  } catch (error) {
    throw asArchiveFailure(error, folder);
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Reads a backup's manifest. Throws a readable error where the folder has none, or one of another format. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST_FILE);
  if (!existsSync(file))
    throw new AppError("not_found", `There is no backup in ${folder}.`, {
      hint: `It would have a file ${MANIFEST_FILE}, which is written last.`,
    });
  const written = parsedJson(readFileSync(file, "utf8"));
  const { data: head } = z.object({ format: z.number() }).safeParse(written);
  if (head !== undefined && head.format !== 1)
    throw new AppError("invalid_input", `The backup in ${folder} is of format ${head.format}; this Signalbox reads format 1.`, {
      hint: "Restore it with the version that made it, or a later one.",
    });
  const { data: manifest } = Manifest.safeParse(written);
  if (manifest !== undefined) return manifest;
  throw new AppError("infrastructure", `${file} is damaged.`, { hint: "Restore from another backup." });
}

/** Verifies every file of a backup against its manifest; `done` is called after each. Throws at the first that differs. */
export async function verifyArchive(folder: string, manifest: Manifest, done: () => void): Promise<void> {
  for (const { path, bytes, sha256 } of archiveFiles(manifest)) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found?.size !== bytes)
      throw damaged(folder, path, found === undefined ? "is missing" : `has ${found.size} bytes instead of ${bytes}`);
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, path)), hash);
    if (hash.digest("hex") !== sha256) throw damaged(folder, path, "is not what was written");
    done();
  }
}

function damaged(folder: string, path: string, how: string): AppError {
  return new AppError("infrastructure", `The file ${path} of the backup in ${folder} ${how}.`, {
    hint: "Nothing was restored. Restore from another backup, or from another copy of this one.",
  });
}

/** The decompressed content of a backup's file, as it was given to `write`. */
export function openArchiveFile(folder: string, { path }: ArchiveFile): Readable {
  // `pipeline` destroys the stream with its error, so that the reader of the content sees it.
  return pipe(createReadStream(join(folder, path)), createZstdDecompress(), () => {});
}

function asArchiveFailure(error: unknown, folder: string): unknown {
  const reason = FOLDER_FAULTS[errorCode(error)];
  if (reason === undefined || error instanceof AppError) return error;
  return new AppError("infrastructure", `The backup's folder ${folder} ${reason}.`, {
    cause: error,
    hint: "What was written of this backup is removed. Choose another folder.",
  });
}
