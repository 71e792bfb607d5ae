import { mkdir } from "node:fs/promises";
import { Backlog, type RangeContents, type WaitingRecords } from "./backlog.ts";
import { lockFolder } from "./folderLock.ts";
import { journalId } from "./identity.ts";
import { type Progress, ProgressFile } from "./progress.ts";
import type { ReadOutcome } from "./readRange.ts";
import { encodeRecord, type JournalRecord } from "./record.ts";
import { AppendFailed, SegmentFile } from "./segmentFile.ts";
import { SegmentReader, sealOf } from "./segmentReader.ts";
import { cutSegment, damagedFolder, keyOf, listSegments, type Position, type Range, removeSegment } from "./segments.ts";

/** `segmentBytes` is when a new segment begins, `bytesMax` how much may wait for the store before appends are refused. */
export interface JournalOptions {
  folder: string;
  segmentBytes: number;
  bytesMax: number;
  clock: () => number;
}

/**
 * What became of an append: on disk, or refused and not kept (`full`: too much waits for the store; `disk`: the disk takes nothing;
 * `closed`).
 */
export type AppendOutcome = { kind: "durable" } | { kind: "refused"; reason: "full" | "disk" | "closed"; detail: string };

/**
 * What opening found: bytes cut from the end of the last segment (written but never acknowledged), whether the progress file was
 * unreadable, and whether the segment that was being written is gone, which only another program can have done.
 */
export interface Recovery {
  tornBytes: number;
  progressLost: boolean;
  segmentGone: boolean;
}

interface Waiting {
  record: JournalRecord;
  pieces: readonly Buffer[];
  bytes: number;
  resolve: (outcome: AppendOutcome) => void;
}

/** One write takes no more than this, so that the first of many waiting requests is not answered after all of them. */
const GROUP_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Requests on disk in the order they were acknowledged, until they are in the store.
 * Requests that wait at the same time share one write and one fdatasync. One writer and any number of appenders, one process per folder.
 */
export class Journal implements AsyncDisposable {
  readonly id: string;
  readonly recovery: Recovery;
  readonly #options: JournalOptions;
  readonly #seal: number;
  readonly #lock: Disposable;
  readonly #progress: ProgressFile;
  /** Durable bytes of each segment, oldest first. */
  readonly #sizes: Map<number, number>;
  #current: SegmentFile | null = null;
  #lastSegment: number;
  #waiting: Waiting[] = [];
  /** Everything that is on its way to the disk, the oldest first. */
  readonly #appending = new Set<Waiting>();
  readonly #backlog: Backlog;
  #newestUs: number;
  #waitingBytes = 0;
  #flushing: Promise<void> | null = null;
  #isClosed = false;
  #diskTrouble: string | null = null;
  /** The last record that there was no room for. */
  #refusedBytes = 0;
  #onDurable: () => void = () => {};
  /** Ranges that are in the store while one before them is not. */
  readonly #storedRanges = new Set<string>();
  #changing: Promise<void> = Promise.resolve();
  readonly #reader: SegmentReader;

  private constructor(
    options: JournalOptions,
    parts: { id: string; lock: Disposable; progress: ProgressFile; sizes: Map<number, number>; recovery: Recovery },
  ) {
    this.id = parts.id;
    this.recovery = parts.recovery;
    this.#options = options;
    this.#backlog = new Backlog({ clock: options.clock, elapsed: () => performance.now() });
    this.#seal = sealOf(parts.id);
    this.#reader = new SegmentReader(options.folder, parts.id);
    this.#lock = parts.lock;
    this.#progress = parts.progress;
    this.#sizes = parts.sizes;
    const { written, intents, newestUs } = parts.progress.current;
    this.#newestUs = newestUs;
    this.#lastSegment = Math.max(0, written.segment, ...intents.map(({ segment }) => segment), ...parts.sizes.keys());
  }

  /** Opens the journal in `options.folder`, made if missing. Cuts what a crash left half written, removes what is already in the store. */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    // Made while there is room: a segment is set aside when the disk may be full. What is full now is written to the store first.
    await mkdir(damagedFolder(options.folder), { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOSPC") throw error;
    });
    const lock = lockFolder(options.folder);
    try {
      const id = await journalId(options.folder);
      const { progress, wasLost } = await ProgressFile.open(options.folder);
      const sizes = await listSegments(options.folder);
      const { written, intents, newestUs } = progress.current;
      const there = intents.filter(({ segment }) => sizes.has(segment));
      const segmentGone = there.length < intents.length;
      if (segmentGone) await progress.save({ written, intents: there, newestUs });
      const recovery = { tornBytes: 0, progressLost: wasLost, segmentGone };
      const journal = new Journal(options, { id, lock, progress, sizes, recovery });
      recovery.tornBytes = await journal.#cutTornTail();
      await journal.#removeWritten();
      await journal.#countUnwritten();
      return journal;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** Keeps `record`; resolves when it is on disk or refused. */
  append(record: JournalRecord): Promise<AppendOutcome> {
    if (this.#isClosed) return Promise.resolve({ kind: "refused", reason: "closed", detail: "the collector is ending" });
    const pieces = encodeRecord(record, this.#seal);
    const bytes = pieces[0].length + pieces[1].length;
    if (!this.#hasRoomFor(bytes)) {
      this.#refusedBytes = bytes;
      return Promise.resolve({ kind: "refused", reason: "full", detail: this.#fullness });
    }
    this.#newestUs = Math.max(this.#newestUs, record.receivedAtUs);
    return new Promise((resolve) => {
      const waiting = { record, pieces, bytes, resolve };
      this.#waiting.push(waiting);
      this.#appending.add(waiting);
      this.#waitingBytes += bytes;
      this.#flushing ??= this.#flush();
    });
  }

  /**
   * When the newest request was received that it ever held, in microseconds since 1970: before a restart too, and when all is in the store.
   */
  get newestUs(): number {
    return this.#newestUs;
  }

  /** `listener` is called whenever there is more to read. */
  onDurable(listener: () => void): void {
    this.#onDurable = listener;
  }

  /** Why appends are refused at the moment, or null. */
  get trouble(): string | null {
    return this.#diskTrouble ?? (this.#hasRoomFor(this.#refusedBytes) ? null : this.#fullness);
  }

  /** How full it is: 0 where nothing waits for the store, 1 at the limit. */
  get level(): number {
    return (this.unwrittenBytes + this.#waitingBytes) / this.#options.bytesMax;
  }

  #hasRoomFor(bytes: number): boolean {
    return this.unwrittenBytes + this.#waitingBytes + bytes <= this.#options.bytesMax;
  }

  get #fullness(): string {
    return `the journal is at its limit of ${this.#options.bytesMax} bytes, since the store does not keep up`;
  }

  get progress(): Readonly<Progress> {
    return this.#progress.current;
  }

  /** Bytes on disk that are not in the store yet. */
  get unwrittenBytes(): number {
    return this.#bytesBehind(this.#progress.current.written);
  }

  #bytesBehind(position: Position): number {
    let bytes = 0;
    for (const [segment, size] of this.#sizes) {
      if (segment >= position.segment) bytes += segment === position.segment ? size - position.offset : size;
    }
    return bytes;
  }

  /** Everything before it is in the store or on its way. */
  get #taken(): Position {
    const { written, intents } = this.#progress.current;
    const last = intents.at(-1);
    return last === undefined ? written : { segment: last.segment, offset: last.to };
  }

  /** The part of one segment that is to be taken next, or null where nothing is. */
  get untaken(): Range | null {
    const taken = this.#taken;
    for (const [segment, size] of this.#sizes) {
      if (segment < taken.segment) continue;
      const from = segment === taken.segment ? taken.offset : 0;
      if (from < size) return { segment, from, to: size };
    }
    return null;
  }

  /** Bytes on disk that are neither in the store nor on their way. */
  get untakenBytes(): number {
    return this.#bytesBehind(this.#taken);
  }

  /** Acknowledged records that are not in the store yet, by project and source; those that an earlier version took in are not counted. */
  get waiting(): WaitingRecords[] {
    return this.#backlog.waiting;
  }

  /** When the oldest request was received that is not in the store, or still on its way to the disk; null where there is none. */
  get oldestUnwrittenUs(): number | null {
    const nowUs = this.#options.clock() * 1_000;
    const times = [...this.#appending].map(({ record }) => Math.min(record.receivedAtUs, nowUs));
    const { oldestUs } = this.#backlog;
    if (oldestUs !== null) times.push(oldestUs);
    return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
  }

  /** Intended ranges that are not stored. One that is stays among the intents until those before it are. */
  get unstored(): Range[] {
    return this.#progress.current.intents.filter((intent) => !this.#storedRanges.has(keyOf(intent)));
  }

  /** Notes what an intended range holds. */
  took(range: Range, contents: RangeContents): void {
    this.#backlog.take(range, contents, this.untakenBytes === 0);
  }

  /** Reads about `bytesMax` bytes of whole records from the start of `range`. */
  read(range: Range, bytesMax: number): Promise<ReadOutcome> {
    return this.#reader.read(range, bytesMax);
  }

  /** Notes that `range`, the next of what is untaken, is about to be inserted. */
  intend(range: Range): Promise<void> {
    return this.#afterOthers(async () => {
      const { written, intents } = this.#progress.current;
      await this.#progress.save({ written, intents: [...intents, range], newestUs: this.#newestUs });
    });
  }

  /**
   * Notes that an intended range is in the store. Ranges may get there in any order; what lies before the first that is not is written, and
   * segments that are wholly written go.
   */
  stored(range: Range): Promise<void> {
    return this.#afterOthers(async () => {
      this.#storedRanges.add(keyOf(range));
      this.#backlog.stored(range);
      const { intents } = this.#progress.current;
      const first = intents.findIndex((intent) => !this.#storedRanges.has(keyOf(intent)));
      const done = first === -1 ? intents : intents.slice(0, first);
      const last = done.at(-1);
      if (last === undefined) return;
      const written = { segment: last.segment, offset: last.to };
      await this.#progress.save({ written, intents: intents.slice(done.length), newestUs: this.#newestUs });
      for (const intent of done) this.#storedRanges.delete(keyOf(intent));
      await this.#removeWritten();
    });
  }

  /** Runs changes of the progress one after the other. */
  #afterOthers(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  /** Keeps a segment aside for a person to look at; returns its path there. */
  quarantine(segment: number): Promise<string> {
    return this.#reader.quarantine(segment);
  }

  /** Refuses new records, waits for those that are being written, and frees the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#flushing;
    await this.#changing;
    await this.#current?.close();
    await this.#progress.close();
    this.#lock[Symbol.dispose]();
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
      if (outcome.kind === "durable") this.#onDurable();
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
      this.#sizes.set(segment.number, segment.durableBytes);
      if (segment.durableBytes >= this.#options.segmentBytes) await this.#leaveSegment();
      this.#diskTrouble = null;
      return { kind: "durable" };
    } catch (error) {
      if (error instanceof AppendFailed && !error.isUsable) await this.#leaveSegment();
      this.#diskTrouble = `the journal cannot be written: ${(error as Error).message}`;
      return { kind: "refused", reason: "disk", detail: this.#diskTrouble };
    }
  }

  /**
   * A segment's number is the time of its creation in milliseconds, or one more than the last: never used twice, even where progress was
   * lost.
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

  async #removeWritten(): Promise<void> {
    const { written } = this.#progress.current;
    for (const [segment, size] of this.#sizes) {
      const isWritten = segment < written.segment || (segment === written.segment && written.offset >= size);
      if (!isWritten || segment === this.#current?.number) continue;
      await removeSegment(this.#options.folder, segment);
      this.#sizes.delete(segment);
    }
  }

  /** What another process left has to be read for its counts: about a second for a gigabyte. */
  async #countUnwritten(): Promise<void> {
    const { written } = this.#progress.current;
    for (const [segment, size] of this.#sizes) {
      let from = segment === written.segment ? written.offset : 0;
      while (from < size) {
        using read = await this.read({ segment, from, to: size }, GROUP_BYTES_MAX);
        if (read.kind === "records") for (const record of read.records) this.#countAgain(record);
        from = read.range.to;
      }
    }
  }

  #countAgain(record: JournalRecord): void {
    this.#backlog.append(record);
    this.#newestUs = Math.max(this.#newestUs, record.receivedAtUs);
  }

  /** Only the end of the last segment can be half written: nothing was appended to the others after it was made. */
  async #cutTornTail(): Promise<number> {
    const [segment, size] = [...this.#sizes].at(-1) ?? [0, 0];
    const { written } = this.#progress.current;
    let from = segment === written.segment ? written.offset : 0;
    while (from < size) {
      using read = await this.read({ segment, from, to: size }, GROUP_BYTES_MAX);
      const { kind, range } = read;
      if (kind === "damaged" && range.to === size) {
        await cutSegment(this.#options.folder, { segment, offset: from });
        this.#sizes.set(segment, from);
        return size - from;
      }
      from = range.to;
    }
    return 0;
  }
}
