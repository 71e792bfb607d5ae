import type { Backlog } from "./backlog.ts";
import type { JournalRecord } from "./record.ts";
import { AppendFailed, SegmentFile } from "./segmentFile.ts";
import type { SegmentSet } from "./segmentSet.ts";

/**
 * The outcome of an append: durable, or refused and not kept (`full`: too much waits for the store; `disk`: the disk does not accept
 * writes; `closed`: the collector is ending).
 */
export type AppendOutcome = { kind: "durable" } | { kind: "refused"; reason: "full" | "disk" | "closed"; detail: string };

/** `segmentBytes` is the size at which a new segment begins. */
export interface AppenderOptions {
  folder: string;
  segmentBytes: number;
  clock: () => number;
}

interface Waiting {
  record: JournalRecord;
  pieces: readonly Buffer[];
  bytes: number;
  resolve: (outcome: AppendOutcome) => void;
}

/** The most bytes in one write, so that the first of many waiting requests need not wait for all of them. */
const GROUP_BYTES_MAX = 16 * 1024 * 1024;

/** Appends records to a segment of its own, and to further ones. Concurrent records share one write and one fdatasync. */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #segments: SegmentSet;
  readonly #backlog: Backlog;
  #current: SegmentFile | null = null;
  #lastSegment: number;
  #waiting: Waiting[] = [];
  /** Requests that are on their way to the disk, oldest first. */
  readonly #appending = new Set<Waiting>();
  #waitingBytes = 0;
  #flushing: Promise<void> | null = null;
  #trouble: string | null = null;
  /** Called whenever there are more durable records. */
  onDurable: () => void = () => {};

  /** Notes durable bytes in `segments` and durable records in `backlog`; new segments have numbers above `lastSegment`. */
  constructor(options: AppenderOptions, parts: { segments: SegmentSet; backlog: Backlog; lastSegment: number }) {
    this.#options = options;
    this.#segments = parts.segments;
    this.#backlog = parts.backlog;
    this.#lastSegment = parts.lastSegment;
  }

  /** Appends a record, encoded in `pieces` of `bytes` together; resolves when it is durable or refused. */
  append(record: JournalRecord, pieces: readonly Buffer[], bytes: number): Promise<AppendOutcome> {
    return new Promise((resolve) => {
      const waiting = { record, pieces, bytes, resolve };
      this.#waiting.push(waiting);
      this.#appending.add(waiting);
      this.#waitingBytes += bytes;
      this.#flushing ??= this.#flush();
    });
  }

  /** Bytes on their way to the disk. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** When the oldest request on its way to the disk was received, in microseconds since 1970; null if there is none. */
  get oldestUs(): number | null {
    const times = [...this.#appending].map(({ record }) => record.receivedAtUs);
    return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
  }

  /** Why the disk refused the last write, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** The number of the segment that is being written. */
  get segment(): number | undefined {
    return this.#current?.number;
  }

  /** Waits for the records on their way, and closes the segment. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#current?.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      const outcome = await this.#commit(group);
      for (const waiting of group) {
        this.#waitingBytes -= waiting.bytes;
        this.#appending.delete(waiting);
        if (outcome.kind === "durable") this.#backlog.append(waiting.record);
        waiting.resolve(outcome);
      }
      if (outcome.kind === "durable") this.onDurable();
    }
    this.#flushing = null;
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > GROUP_BYTES_MAX) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(group: readonly Waiting[]): Promise<AppendOutcome> {
    try {
      this.#current ??= await this.#nextSegment();
      const segment = this.#current;
      await segment.append(group.flatMap(({ pieces }) => pieces));
      this.#segments.resize(segment.number, segment.durableBytes);
      if (segment.durableBytes >= this.#options.segmentBytes) await this.#leaveSegment();
      this.#trouble = null;
      return { kind: "durable" };
    } catch (error) {
      if (error instanceof AppendFailed && !error.isUsable) await this.#leaveSegment();
      this.#trouble = `the journal cannot be written: ${(error as Error).message}`;
      return { kind: "refused", reason: "disk", detail: this.#trouble };
    }
  }

  /**
   * A segment's number is the time of its creation in milliseconds, or one more than the last number: never reused, even if the progress
   * was lost.
   */
  async #nextSegment(): Promise<SegmentFile> {
    this.#lastSegment = Math.max(this.#lastSegment + 1, this.#options.clock());
    return SegmentFile.create(this.#options.folder, this.#lastSegment);
  }

  async #leaveSegment(): Promise<void> {
    const left = this.#current;
    this.#current = null;
    await left?.close();
  }
}
