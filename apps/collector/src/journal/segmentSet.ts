import { listSegments, type Position, type Range, removeSegment } from "./segments.ts";

/** The segments of a journal and the durable bytes of each, oldest first. */
export class SegmentSet {
  readonly #folder: string;
  readonly #sizes: Map<number, number>;

  private constructor(folder: string, sizes: Map<number, number>) {
    this.#folder = folder;
    this.#sizes = sizes;
  }

  /** Finds the segments in a folder. */
  static async open(folder: string): Promise<SegmentSet> {
    return new SegmentSet(folder, await listSegments(folder));
  }

  has(segment: number): boolean {
    return this.#sizes.has(segment);
  }

  /** The number of the newest segment; 0 if there is none. */
  get last(): number {
    return Math.max(0, ...this.#sizes.keys());
  }

  /** The durable bytes of a segment. */
  sizeOf(segment: number): number {
    return this.#sizes.get(segment) ?? 0;
  }

  /** Notes that `durableBytes` of a segment are on disk. */
  resize(segment: number, durableBytes: number): void {
    this.#sizes.set(segment, durableBytes);
  }

  /** The bytes from a position on. */
  bytesFrom(position: Position): number {
    let bytes = 0;
    for (const [segment, size] of this.#sizes) {
      if (segment >= position.segment) bytes += segment === position.segment ? size - position.offset : size;
    }
    return bytes;
  }

  /** The ranges from a position on: one of each segment that has any bytes there. */
  *rangesFrom(position: Position): Generator<Range, undefined> {
    for (const [segment, to] of this.#sizes) {
      const from = segment === position.segment ? position.offset : 0;
      if (segment >= position.segment && from < to) yield { segment, from, to };
    }
  }

  /** Deletes the segments that end before a position, but not the one that is being `written`. */
  async removeBefore(position: Position, written: number | undefined): Promise<void> {
    for (const [segment, size] of this.#sizes) {
      const isBefore = segment < position.segment || (segment === position.segment && position.offset >= size);
      if (!isBefore || segment === written) continue;
      await removeSegment(this.#folder, segment);
      this.#sizes.delete(segment);
    }
  }
}
