import type { IngestSource } from "@signalbox/model";
import { acceptedOf, type JournalRecord } from "./record.ts";
import { keyOf, type Range } from "./segments.ts";

/** The number of acknowledged records of one project and source that are not in the store yet. */
export interface WaitingRecords {
  project: string;
  source: IngestSource;
  records: number;
}

/**
 * The contents of a range of the journal: its acknowledged records, and when its oldest and its last request were received, in microseconds
 * since 1970 (null for a range without requests).
 */
export interface RangeContents {
  waiting: readonly WaitingRecords[];
  oldestUs: number | null;
  lastUs: number | null;
}

/** Counts the records of a range, which are in the order in which they were appended. */
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

/** The machine's clock, in milliseconds since 1970, which may be set; and a monotonic clock in milliseconds. */
export interface BacklogClocks {
  clock: () => number;
  elapsed: () => number;
}

/**
 * The part of the journal that is not in the store: how many records, and since when. Each batch on its way is tracked separately, the rest
 * behind them as a total, so that it takes little memory however much that is. Times are microseconds since 1970, as stamped on the
 * requests.
 */
export class Backlog {
  readonly #clocks: BacklogClocks;
  readonly #untaken = new Counts();
  readonly #batches = new Map<string, RangeContents & { aheadUs: number }>();
  #oldestUntakenUs: number | null = null;
  #newestUs = 0;
  /** Whether the clock went back among the untaken records: later ones may then be older. */
  #wentBack = false;
  /** The most by which stamps of untaken records are ahead of the monotonic clock, in microseconds. */
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

  /** Notes that a batch is on its way; repeating this has no effect. `isLast` means that nothing lies behind it. */
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
   * When the oldest request not in the store was received; null if all are stored. If the clock was set back since, stamps may lie in its
   * future: the answer is then by the current clock, and rather too early than too late.
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

  /** Resets the totals: if some records were damaged, not all of them were taken. */
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
