import { SpanBlock, spanFingerprintAt } from "@signalbox/db/clickhouse";
import { type OtlpSpan, recordText, type SpanScan } from "../decode/index.ts";
import { type SpanToWrite, SpanWriter } from "../normalise/index.ts";
import type { Chunk, ChunkLimits, ChunkRecord } from "./chunk.ts";

/**
 * Large blocks are cheaper per span (docs/adr/005-columns-from-wire-bytes.md): the spans of a batch fit into one, unless they are very
 * small.
 */
const LIMITS: ChunkLimits = { rowsMax: 131_072, bytesMax: 64 * 1024 * 1024, partitionsMax: 100 };

const NANOS_PER_DAY = 86_400e9;

/** Passes every span of a range that may become a row to `show`, in order. */
export type EachSpan = (show: (span: SpanToWrite) => void) => void;

/** Unused blocks, kept so that their memory is reused. */
const freeBlocks: SpanBlock[] = [];

function freeBlock(): SpanBlock {
  return freeBlocks.pop() ?? new SpanBlock();
}

/**
 * Divides a range's spans into blocks of columns. The cuts depend on the spans alone. `eachSpan` passes the range's spans again, for a
 * block that must be rebuilt.
 */
export class SpanChunks {
  readonly #writer = new SpanWriter();
  readonly #eachSpan: EachSpan;
  readonly #limits: ChunkLimits;
  #block: SpanBlock | null = null;
  /** Spans seen so far, including those that could not become a row: their numbers identify the rows. */
  #spans = 0;
  #firstSpan = 0;
  #wireBytes = 0;
  readonly #days = new Set<number>();

  constructor(eachSpan: EachSpan, limits: ChunkLimits = LIMITS) {
    this.#eachSpan = eachSpan;
    this.#limits = limits;
  }

  /** Returns the chunk that has no room for `span`, if any; to be called before `span` is added. */
  makeRoomFor(span: SpanScan): Chunk | null {
    return this.#hasRoom(dayOf(span)) ? null : this.rest();
  }

  /**
   * Adds a span; returns it decoded if it has events or links, or holds a decision. Throws if the span cannot be a row; the others are not
   * affected.
   */
  add(toWrite: SpanToWrite): OtlpSpan | null {
    const { span } = toWrite;
    this.#block ??= freeBlock();
    this.#spans += 1;
    this.#wireBytes += span.end - span.start;
    this.#days.add(dayOf(span));
    return this.#writer.write(this.#block, toWrite);
  }

  /** The chunk that is not full. */
  rest(): Chunk | null {
    const block = this.#block;
    const chunk = block === null || block.rows === 0 ? null : spanChunk(block, this.#firstSpan, this.#spans, this.#eachSpan);
    if (chunk !== null) this.#block = null;
    this.#firstSpan = this.#spans;
    this.#wireBytes = 0;
    this.#days.clear();
    return chunk;
  }

  #hasRoom(day: number): boolean {
    const { rowsMax, bytesMax, partitionsMax } = this.#limits;
    return (
      this.#spans - this.#firstSpan < rowsMax && this.#wireBytes < bytesMax && (this.#days.has(day) || this.#days.size < partitionsMax)
    );
  }
}

/** The chunk of the spans `first` to `end` of a range, which fill `block`. */
function spanChunk(block: SpanBlock, first: number, end: number, eachSpan: EachSpan): Chunk {
  const middle = first + Math.ceil((end - first) / 2);
  return {
    table: "spans",
    firstRow: first,
    rowCount: end - first,
    body: block.encode(),
    halves: () => [rewrittenChunk(first, middle, eachSpan), rewrittenChunk(middle, end, eachSpan)],
    record: () => recordOf(first, eachSpan),
    release: () => {
      block.clear();
      freeBlocks.push(block);
    },
  };
}

function rewrittenChunk(first: number, end: number, eachSpan: EachSpan): Chunk {
  const block = freeBlock();
  const writer = new SpanWriter();
  let number = 0;
  eachSpan((toWrite) => {
    if (number >= first && number < end) writeIfPossible(writer, block, toWrite);
    number += 1;
  });
  return spanChunk(block, first, end, eachSpan);
}

/** Writes a span. One that could not be a row the first time cannot be one now, and is skipped: it is among the rejected ones. */
function writeIfPossible(writer: SpanWriter, block: SpanBlock, toWrite: SpanToWrite): void {
  try {
    writer.write(block, toWrite);
  } catch {}
}

function recordOf(wanted: number, eachSpan: EachSpan): ChunkRecord {
  let number = 0;
  let record: ChunkRecord | undefined;
  eachSpan(({ span, from, reception }) => {
    if (number === wanted) record = { text: recordText(span.decode(from.origin)), reception, fingerprint: fingerprintOfSpan(span) };
    number += 1;
  });
  if (record === undefined) throw new Error(`the range has no span ${wanted}`);
  return record;
}

/** The fingerprint of a span's row. */
export function fingerprintOfSpan({ bytes, traceIdStart, spanIdStart }: SpanScan): number {
  return spanFingerprintAt(bytes, traceIdStart, spanIdStart);
}

/**
 * The day of a span's start, exact to the nanosecond like the store's. A double can hold the high half of a time and the rest of the day,
 * but not their sum.
 */
function dayOf({ bytes, startTimeAt }: SpanScan): number {
  const high = bytes.readUInt32LE(startTimeAt + 4) * 2 ** 32;
  const day = Math.floor(high / NANOS_PER_DAY);
  return high - day * NANOS_PER_DAY + bytes.readUInt32LE(startTimeAt) < NANOS_PER_DAY ? day : day + 1;
}
