import { mkdir } from "node:fs/promises";
import { Appender, type AppenderOptions, type AppendOutcome } from "./appender.ts";
import { Backlog, type RangeContents, type WaitingRecords } from "./backlog.ts";
import { lockFolder } from "./folderLock.ts";
import { journalId } from "./identity.ts";
import { type Progress, ProgressFile } from "./progress.ts";
import type { ReadOutcome } from "./readRange.ts";
import { encodeRecord, type JournalRecord } from "./record.ts";
import { cutTornTail, type Recovery } from "./recovery.ts";
import { SegmentReader, sealOf } from "./segmentReader.ts";
import { SegmentSet } from "./segmentSet.ts";
import { damagedFolder, keyOf, type Position, type Range } from "./segments.ts";

/** `bytesMax` is how much may wait for the store before appends are refused. */
export interface JournalOptions extends AppenderOptions {
  bytesMax: number;
}

/**
 * Requests on disk in the order in which they were acknowledged, until they are in the store. Concurrent requests share one write and one
 * fdatasync. One reader (the writer to the store) and any number of appenders; one process per folder.
 */
export class Journal implements AsyncDisposable {
  readonly id: string;
  readonly recovery: Recovery;
  readonly #options: JournalOptions;
  readonly #seal: number;
  readonly #lock: Disposable;
  readonly #progress: ProgressFile;
  readonly #segments: SegmentSet;
  readonly #appender: Appender;
  readonly #reader: SegmentReader;
  readonly #backlog: Backlog;
  #newestUs: number;
  #isClosed = false;
  /** Size of the last record that was refused for lack of room. */
  #refusedBytes = 0;
  /** Ranges that are stored while one before them is not. */
  readonly #storedRanges = new Set<string>();
  #changing: Promise<void> = Promise.resolve();

  private constructor(
    options: JournalOptions,
    parts: { id: string; lock: Disposable; progress: ProgressFile; segments: SegmentSet; recovery: Recovery },
  ) {
    this.id = parts.id;
    this.recovery = parts.recovery;
    this.#options = options;
    this.#backlog = new Backlog({ clock: options.clock, elapsed: () => performance.now() });
    this.#seal = sealOf(parts.id);
    this.#reader = new SegmentReader(options.folder, parts.id);
    this.#lock = parts.lock;
    this.#progress = parts.progress;
    this.#segments = parts.segments;
    const { written, intents, newestUs } = parts.progress.current;
    this.#newestUs = newestUs;
    const lastSegment = Math.max(parts.segments.last, written.segment, ...intents.map(({ segment }) => segment));
    this.#appender = new Appender(options, { segments: parts.segments, backlog: this.#backlog, lastSegment });
  }

  /**
   * Opens the journal in `options.folder`, which is created if missing. Cuts off what a crash left half written, and removes segments that
   * are in the store.
   */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    // Created now, since a segment may have to be quarantined when the disk is full. If it is full already, the journal is emptied into the
    // store first.
    await mkdir(damagedFolder(options.folder), { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOSPC") throw error;
    });
    const lock = lockFolder(options.folder);
    try {
      const id = await journalId(options.folder);
      const { progress, wasLost } = await ProgressFile.open(options.folder);
      const segments = await SegmentSet.open(options.folder);
      const { written, intents, newestUs } = progress.current;
      const there = intents.filter(({ segment }) => segments.has(segment));
      const segmentGone = there.length < intents.length;
      if (segmentGone) await progress.save({ written, intents: there, newestUs });
      const recovery = { tornBytes: 0, progressLost: wasLost, segmentGone };
      const journal = new Journal(options, { id, lock, progress, segments, recovery });
      recovery.tornBytes = await cutTornTail(options.folder, segments, journal.#reader, progress.current.written);
      await journal.#removeWritten();
      await journal.#countUnwritten();
      return journal;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** Stores `record`; resolves when it is durable or refused. */
  append(record: JournalRecord): Promise<AppendOutcome> {
    if (this.#isClosed) return Promise.resolve({ kind: "refused", reason: "closed", detail: "the collector is ending" });
    const pieces = encodeRecord(record, this.#seal);
    const bytes = pieces[0].length + pieces[1].length;
    if (!this.#hasRoomFor(bytes)) {
      this.#refusedBytes = bytes;
      return Promise.resolve({ kind: "refused", reason: "full", detail: this.#fullness });
    }
    this.#newestUs = Math.max(this.#newestUs, record.receivedAtUs);
    return this.#appender.append(record, pieces, bytes);
  }

  /**
   * When the newest request ever held was received, in microseconds since 1970. It survives restarts, and does not depend on what is in the
   * store.
   */
  get newestUs(): number {
    return this.#newestUs;
  }

  /** Sets the listener that is called whenever there is more to read. */
  onDurable(listener: () => void): void {
    this.#appender.onDurable = listener;
  }

  /** Why appends are refused at the moment, or null. */
  get trouble(): string | null {
    return this.#appender.trouble ?? (this.#hasRoomFor(this.#refusedBytes) ? null : this.#fullness);
  }

  /** How full the journal is: 0 if nothing waits for the store, 1 at the limit. */
  get level(): number {
    return (this.unwrittenBytes + this.#appender.waitingBytes) / this.#options.bytesMax;
  }

  #hasRoomFor(bytes: number): boolean {
    return this.unwrittenBytes + this.#appender.waitingBytes + bytes <= this.#options.bytesMax;
  }

  get #fullness(): string {
    return `the journal is at its limit of ${this.#options.bytesMax} bytes, since the store does not keep up`;
  }

  get progress(): Readonly<Progress> {
    return this.#progress.current;
  }

  /** Bytes on disk that are not in the store yet. */
  get unwrittenBytes(): number {
    return this.#segments.bytesFrom(this.#progress.current.written);
  }

  /** The position before which everything is in the store or on its way. */
  get #taken(): Position {
    const { written, intents } = this.#progress.current;
    const last = intents.at(-1);
    return last === undefined ? written : { segment: last.segment, offset: last.to };
  }

  /** The rest of one segment that is to be taken next, or null if there is none. */
  get untaken(): Range | null {
    return this.#segments.rangesFrom(this.#taken).next().value ?? null;
  }

  /** Bytes on disk that are neither in the store nor on their way. */
  get untakenBytes(): number {
    return this.#segments.bytesFrom(this.#taken);
  }

  /** Acknowledged records that are not in the store yet, by project and source; records from an earlier version are not counted. */
  get waiting(): WaitingRecords[] {
    return this.#backlog.waiting;
  }

  /**
   * When the oldest request was received that is not in the store, or still on its way to the disk, in microseconds since 1970; null if
   * there is none.
   */
  get oldestUnwrittenUs(): number | null {
    const nowUs = this.#options.clock() * 1_000;
    const { oldestUs: onWayUs } = this.#appender;
    const { oldestUs: onDiskUs } = this.#backlog;
    const times = [...(onWayUs === null ? [] : [Math.min(onWayUs, nowUs)]), ...(onDiskUs === null ? [] : [onDiskUs])];
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Intended ranges that are not stored. A stored range stays among the intents until those before it are stored. */
  get unstored(): Range[] {
    return this.#progress.current.intents.filter((intent) => !this.#storedRanges.has(keyOf(intent)));
  }

  /** Notes the contents of an intended range. */
  took(range: Range, contents: RangeContents): void {
    this.#backlog.take(range, contents, this.untakenBytes === 0);
  }

  /** Reads about `bytesMax` bytes of whole records from the start of `range`. */
  read(range: Range, bytesMax: number): Promise<ReadOutcome> {
    return this.#reader.read(range, bytesMax);
  }

  /** Notes that `range`, the next untaken one, is about to be inserted. */
  intend(range: Range): Promise<void> {
    return this.#afterOthers(async () => {
      const { written, intents } = this.#progress.current;
      await this.#progress.save({ written, intents: [...intents, range], newestUs: this.#newestUs });
    });
  }

  /**
   * Notes that an intended range is stored. Ranges may be stored in any order; everything before the first one not stored counts as
   * written, and wholly written segments are deleted.
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

  /** Serialises changes of the progress. */
  #afterOthers(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  /** Quarantines a segment for a person to inspect; returns its path. */
  quarantine(segment: number): Promise<string> {
    return this.#reader.quarantine(segment);
  }

  /** Refuses new records, waits for those that are being written, and unlocks the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#appender.close();
    await this.#changing;
    await this.#progress.close();
    this.#lock[Symbol.dispose]();
  }

  async #removeWritten(): Promise<void> {
    await this.#segments.removeBefore(this.#progress.current.written, this.#appender.segment);
  }

  /** Counts the records that another process left unwritten, which means reading them: about a second per gigabyte. */
  async #countUnwritten(): Promise<void> {
    for (const range of this.#segments.rangesFrom(this.#progress.current.written)) {
      for await (const read of this.#reader.readAll(range)) {
        if (read.kind === "records") for (const record of read.records) this.#countAgain(record);
      }
    }
  }

  #countAgain(record: JournalRecord): void {
    this.#backlog.append(record);
    this.#newestUs = Math.max(this.#newestUs, record.receivedAtUs);
  }
}
