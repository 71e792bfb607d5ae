import { copyFile, mkdir, open, readdir, rm, stat } from "node:fs/promises";
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

/** What a range is known by: no two that are on their way begin at the same place. */
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

/** Bytes `from` to `to` of a segment, in memory of `pool`; fewer where the file ends before. */
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

/** Forgets everything from `end` on; returns when that is durable. */
export async function cutSegment(folder: string, end: Position): Promise<void> {
  const file = await open(segmentPath(folder, end.segment), "r+");
  try {
    await file.truncate(end.offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Keeps a copy of a damaged segment for a person to look at; returns its path. */
export async function quarantineSegment(folder: string, segment: number): Promise<string> {
  const aside = join(folder, "damaged");
  await mkdir(aside, { recursive: true });
  const copy = segmentPath(aside, segment);
  await copyFile(segmentPath(folder, segment), copy);
  return copy;
}

/** Makes the names in a folder durable: a new file is one only after this. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
