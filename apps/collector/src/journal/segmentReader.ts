import { crc32 } from "node:zlib";
import { BufferPool } from "../bufferPool.ts";
import { type ReadOutcome, readRange } from "./readRange.ts";
import { quarantineSegment, type Range } from "./segments.ts";

/** Memory for the batches that are usually on their way at a time, in bytes. */
const POOL_BYTES_MAX = 256 * 1024 * 1024;

/** How much of a long range is read at a time. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** Reads a journal's segments from disk, on any thread. */
export class SegmentReader {
  readonly #folder: string;
  readonly #seal: number;
  readonly #pool = new BufferPool(POOL_BYTES_MAX);

  /** Reads the journal `id` in `folder`. */
  constructor(folder: string, id: string) {
    this.#folder = folder;
    this.#seal = sealOf(id);
  }

  /** Reads about `bytesMax` bytes of whole records from the start of `range`. */
  read(range: Range, bytesMax: number): Promise<ReadOutcome> {
    return readRange(this.#folder, range, bytesMax, this.#seal, this.#pool);
  }

  /** Reads a whole range, piece by piece; a piece is disposed when the next one is asked for. */
  async *readAll(range: Range): AsyncGenerator<ReadOutcome> {
    let { from } = range;
    while (from < range.to) {
      using read = await this.read({ ...range, from }, PIECE_BYTES);
      yield read;
      from = read.range.to;
    }
  }

  /** Quarantines a segment for a person to inspect; returns its path. */
  quarantine(segment: number): Promise<string> {
    return quarantineSegment(this.#folder, segment);
  }
}

/** The seed of the checksums of a journal's records. */
export function sealOf(id: string): number {
  return crc32(id);
}
