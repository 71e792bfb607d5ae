import { copyFile, link, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BufferPool } from "../bufferPool.ts";

/** A place in the journal: a byte offset in a segment. */
export interface Position {
  segment: number;
  offset: number;
}

/** Whole records of one segment, from a byte offset to another. */
export interface Range {
  segment: number;
  from: number;
  to: number;
}

/** A range's key: no two ranges on their way begin at the same place. */
export function keyOf({ segment, from }: Range): string {
  return `${segment}:${from}`;
}

const NAME = /^(\d{16})\.segment$/;

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(16, "0")}.segment`);
}

/** The segments in a folder and their sizes in bytes, oldest first. */
export async function listSegments(folder: string): Promise<Map<number, number>> {
  const numbers = (await readdir(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  const sizes = new Map<number, number>();
  for (const segment of numbers.sort((a, b) => a - b)) sizes.set(segment, (await stat(segmentPath(folder, segment))).size);
  return sizes;
}

/** Reads bytes `from` to `to` of a segment into memory of `pool`; fewer if the file ends before. */
export async function readSegment(folder: string, { segment, from, to }: Range, pool: BufferPool): Promise<Buffer> {
  const file = await open(segmentPath(folder, segment), "r");
  try {
    const bytes = pool.take(to - from);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

export async function removeSegment(folder: string, segment: number): Promise<void> {
  await rm(segmentPath(folder, segment), { force: true });
}

/** Deletes everything from `end` on; resolves when that is durable. */
export async function cutSegment(folder: string, end: Position): Promise<void> {
  const file = await open(segmentPath(folder, end.segment), "r+");
  try {
    await file.truncate(end.offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The folder for damaged segments of a journal. */
export function damagedFolder(folder: string): string {
  return join(folder, "damaged");
}

/** Error codes of file systems without hard links. */
const NO_LINKS: ReadonlySet<unknown> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/** Quarantines a damaged segment for a person to inspect, as a hard link, for which even a full disk has room. Returns its path. */
export async function quarantineSegment(folder: string, segment: number): Promise<string> {
  const [from, aside] = [segmentPath(folder, segment), segmentPath(damagedFolder(folder), segment)];
  await link(from, aside).catch(async (error: NodeJS.ErrnoException) => {
    if (NO_LINKS.has(error.code)) await copyFile(from, aside);
    else if (error.code !== "EEXIST") throw error;
  });
  return aside;
}

/** Makes changes of a folder's entries durable: a new file survives a power cut only after this. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
