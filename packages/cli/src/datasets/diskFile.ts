import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { DatasetFile } from "@signalbox/evals";
import { AppError } from "@signalbox/model";

/** The error for a path that cannot be read, with the reason. */
export function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  const why = { ENOENT: "does not exist", EACCES: "may not be read by this user", EISDIR: "is a folder, not a file" }[cause.code ?? ""];
  return new AppError("invalid_input", `${path} ${why ?? `cannot be read (${cause.code ?? cause.message})`}.`, { cause });
}

async function reading<T>(path: string, read: Promise<T>): Promise<T> {
  return read.catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
}

/** A file on disk, under a name for people. Throws `invalid_input` if it cannot be read. */
export async function diskFile(path: string, name: string): Promise<DatasetFile> {
  const { size } = await reading(path, stat(path));
  return {
    name,
    text: () => reading(path, readFile(path, "utf8")),
    lines: () => createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY }),
    bytes: {
      byteLength: size,
      slice: (start, end = size) => reading(path, readPart(path, start, Math.min(end, size))),
    },
  };
}

async function readPart(path: string, start: number, end: number): Promise<ArrayBuffer> {
  await using handle = await open(path);
  const bytes = new Uint8Array(end - start);
  await handle.read(bytes, 0, bytes.length, start);
  return bytes.buffer;
}
