import { crc32 } from "node:zlib";
import { BufferPool } from "../bufferPool.ts";
import { type ReadOutcome, readRange } from "./readRange.ts";
import { quarantineSegment, type Range } from "./segments.ts";

/** Room for the batches that are on their way at a time when all goes well. */
const POOL_BYTES_MAX = 256 * 1024 * 1024;

/** Reads what a journal has on disk, on whichever thread. */
export class SegmentReader {
  readonly #folder: string;
  readonly #seal: number;
  readonly #pool = new BufferPool(POOL_BYTES_MAX);

  /** Of the journal `id` in `folder`. */
  constructor(folder: string, id: string) {
    this.#folder = folder;
    this.#seal = sealOf(id);
  }

  /** Reads about `bytesMax` bytes of whole records from the start of `range`. */
  read(range: Range, bytesMax: number): Promise<ReadOutcome> {
    return readRange(this.#folder, range, bytesMax, this.#seal, this.#pool);
  }

  /** Keeps a segment aside for a person to look at; returns its path there. */
  quarantine(segment: number): Promise<string> {
    return quarantineSegment(this.#folder, segment);
  }
}

/** What the checksums of a journal's records start from. */
export function sealOf(id: string): number {
  return crc32(id);
}
