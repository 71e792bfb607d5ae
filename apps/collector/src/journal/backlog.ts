import type { IngestSource } from "@signalbox/model";
import { acceptedOf, type JournalRecord } from "./record.ts";
import { keyOf, type Range } from "./segments.ts";

/** So many acknowledged records of one project and source are not in the store yet. */
export interface WaitingRecords {
  project: string;
  source: IngestSource;
  records: number;
}

/**
 * What a range of the journal holds: its acknowledged records, and when its oldest and
 * its last request were received, in microseconds since 1970; null where it has none.
 */
export interface RangeContents {
  waiting: readonly WaitingRecords[];
  oldestUs: number | null;
  lastUs: number | null;
}

/** What the records of a range come to, in the order in which they were appended. */
export function contentsOf(records: readonly JournalRecord[]): RangeContents {
  const counts = new Counts();
  let oldestUs: number | null = null;
  for (const record of records) {
    counts.add(record, acceptedRecords(record));
    oldestUs = Math.min(oldestUs ?? record.receivedAtUs, record.receivedAtUs);
  }
  return { waiting: [...counts.all], oldestUs, lastUs: records.at(-1)?.receivedAtUs ?? null };
}

/** Records by project and source. */
class Counts {
  readonly #counts = new Map<string, WaitingRecords>();

  add({ project, source }: Pick<WaitingRecords, "project" | "source">, records: number): void {
    const key = `${project}\n${source}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { project, source, records });
    else known.records += records;
  }

  clear(): void {
    this.#counts.clear();
  }

  get all(): Iterable<WaitingRecords> {
    return this.#counts.values();
  }
}

/**
 * The machine's clock, in milliseconds since 1970, which somebody may set; and one that nobody can, in milliseconds since
 * whenever.
 */
export interface BacklogClocks {
  clock: () => number;
  elapsed: () => number;
}

/**
 * What of the journal is not in the store: how many records, and since when. It is known of each batch that is on its way; of what lies
 * behind them, together, so that it takes no memory however much that is. Times are microseconds since 1970, as the requests were stamped.
 */
export class Backlog {
  readonly #clocks: BacklogClocks;
  readonly #untaken = new Counts();
  readonly #batches = new Map<string, RangeContents & { aheadUs: number }>();
  #oldestUntakenUs: number | null = null;
  #newestUs = 0;
  /** The clock went back among what is untaken: what was appended later may be older. */
  #wentBack = false;
  /** How far stamps of what is untaken are ahead, at the most, of the clock that nobody sets. */
  #aheadUs = Number.NEGATIVE_INFINITY;

  constructor(clocks: BacklogClocks) {
    this.#clocks = clocks;
  }

  /** Notes that a record is on disk. */
  append(record: JournalRecord): void {
    const { receivedAtUs } = record;
    this.#untaken.add(record, acceptedRecords(record));
    if (receivedAtUs < this.#newestUs) this.#wentBack = true;
    this.#newestUs = receivedAtUs;
    this.#oldestUntakenUs = Math.min(this.#oldestUntakenUs ?? receivedAtUs, receivedAtUs);
    this.#aheadUs = Math.max(this.#aheadUs, receivedAtUs - this.#clocks.elapsed() * 1_000);
  }

  /** Notes that a batch is on its way; a second time this changes nothing. `isLast` tells that nothing lies behind it. */
  take(range: Range, contents: RangeContents, isLast: boolean): void {
    const key = keyOf(range);
    if (this.#batches.has(key)) return;
    for (const waiting of contents.waiting) this.#untaken.add(waiting, -waiting.records);
    this.#batches.set(key, { ...contents, aheadUs: this.#aheadUs });
    if (isLast) this.#forgetUntaken();
    else if (!this.#wentBack) this.#oldestUntakenUs = contents.lastUs ?? this.#oldestUntakenUs;
  }

  /** Notes that a batch is in the store. */
  stored(range: Range): void {
    this.#batches.delete(keyOf(range));
  }

  /**
   * When the oldest request was received that is not in the store; null where all are. Where the clock has been set back since, stamps are
   * of times that it has yet to come to: the answer is by the clock as it goes now, and too early rather than too late.
   */
  get oldestUs(): number | null {
    const { clock, elapsed } = this.#clocks;
    const aheadNowUs = (aheadUs: number): number => Math.max(0, aheadUs - (clock() - elapsed()) * 1_000);
    const untaken = { oldestUs: this.#oldestUntakenUs, aheadUs: this.#aheadUs };
    const times = [untaken, ...this.#batches.values()].flatMap(({ oldestUs, aheadUs }) =>
      oldestUs === null ? [] : oldestUs - aheadNowUs(aheadUs),
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  get waiting(): WaitingRecords[] {
    const sum = new Counts();
    for (const some of [this.#untaken.all, ...[...this.#batches.values()].map((batch) => batch.waiting)]) {
      for (const waiting of some) sum.add(waiting, waiting.records);
    }
    return [...sum.all];
  }

  /** Where something of it was damaged, not all of it was taken. */
  #forgetUntaken(): void {
    this.#untaken.clear();
    this.#oldestUntakenUs = null;
    this.#wentBack = false;
    this.#aheadUs = Number.NEGATIVE_INFINITY;
  }
}

function acceptedRecords({ counts }: JournalRecord): number {
  return counts === null ? 0 : acceptedOf(counts);
}
