import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type RunPartStore, rejectedRow, type TelemetryTable } from "@signalbox/db/clickhouse";
import type { Logger } from "pino";
import { assembleRuns } from "../assemble/index.ts";
import type { Journal, JournalRecord, Range } from "../journal/index.ts";
import type { Metrics } from "../metrics.ts";
import { type Chunk, Chunks } from "./chunks.ts";
import { rowsOfRecord, rowsOfRuns } from "./rowsOfRecord.ts";
import { Slots } from "./slots.ts";
import { type Insert, type RefusedRow, storeChunk } from "./storeChunk.ts";

/** `batchBytes` and `batchAgeMs` say when a batch is cut: by what of the journal waits, or by how long. */
export interface WriterOptions {
  journal: Journal;
  insert: Insert;
  runParts: RunPartStore;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  batchBytes: number;
  batchAgeMs: number;
}

/** One insert runs while the rows of the next are made. */
const INSERTS_AT_ONCE = 2;

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/**
 * Takes the journal's records into the store, in order, for as long as it runs.
 * The range of a batch is on disk before its first insert: after a crash the same range is inserted again with the same tokens, which the
 * store knows, whatever has been appended behind it since.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;
  #isDraining = false;
  #news = Promise.withResolvers<void>();
  /** Since when the oldest record behind the batch being written waits, milliseconds since 1970; null where none waits. */
  #waitingSince: number | null;
  #writingSince: number | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#waitingSince = options.journal.unwritten === null ? null : options.clock();
    options.journal.onDurable(() => {
      this.#waitingSince ??= options.clock();
      this.#news.resolve();
    });
    this.#running = this.#run();
  }

  /** How long the oldest record that is not in the store has waited, in milliseconds; 0 where none waits. */
  get oldestUnwrittenMs(): number {
    const since = this.#writingSince ?? this.#waitingSince;
    return since === null ? 0 : Math.max(0, this.#options.clock() - since);
  }

  /** Ends when everything is in the store or `graceMs` are over; what is left then waits in the journal for the next start. */
  async end(graceMs: number): Promise<void> {
    this.#isDraining = true;
    this.#news.resolve();
    const giveUp = setTimeout(() => this.#ended.abort(), graceMs);
    await this.#running;
    clearTimeout(giveUp);
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    for (let failures = 0; !this.#ended.signal.aborted; ) {
      try {
        const batch = await this.#nextBatch();
        if (batch === null) return;
        await this.#storeBatch(batch);
        failures = 0;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        failures += 1;
        log.error({ err: error }, "a batch cannot be written; it is tried again");
        await this.#pause(failures).catch(() => {});
      }
    }
  }

  /**
   * The batch that was under way when the last process ended, or else the next one; null when there is none and the collector is ending.
   */
  async #nextBatch(): Promise<Batch | null> {
    const { journal, batchBytes } = this.#options;
    const { intent } = journal.progress;
    if (intent !== null) return { range: intent, records: await this.#readAll(intent) };
    while (true) {
      const unwritten = await this.#dueRange();
      if (unwritten === null) return null;
      const waitingSince = this.#waitingSince;
      this.#waitingSince = null;
      const read = await journal.read(unwritten, batchBytes);
      if (journal.unwrittenBytes > read.range.to - read.range.from) this.#waitingSince = waitingSince;
      if (read.kind === "records") {
        await journal.intend(read.range);
        return read;
      }
      await this.#noteDamage(read.range);
      await journal.advance({ segment: read.range.segment, offset: read.range.to });
    }
  }

  /** Waits until what is unwritten is enough or old enough for a batch. */
  async #dueRange(): Promise<Range | null> {
    const { journal, batchBytes, batchAgeMs, clock } = this.#options;
    while (true) {
      const unwritten = journal.unwritten;
      if (this.#isDraining) return unwritten;
      const waitMs = unwritten === null ? null : (this.#waitingSince ?? 0) + batchAgeMs - clock();
      if (waitMs !== null && (waitMs <= 0 || journal.unwrittenBytes >= batchBytes)) return unwritten;
      await (waitMs === null ? this.#news.promise : Promise.race([this.#news.promise, sleep(waitMs)]));
      this.#news = Promise.withResolvers();
    }
  }

  async #readAll(range: Range): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for (let from = range.from; from < range.to; ) {
      const read = await this.#options.journal.read({ ...range, from }, range.to - from);
      if (read.kind === "records") records.push(...read.records);
      else await this.#noteDamage(read.range);
      from = read.range.to;
    }
    return records;
  }

  async #storeBatch({ range, records }: Batch): Promise<void> {
    const { journal } = this.#options;
    this.#writingSince = records[0] === undefined ? null : records[0].receivedAtUs / 1_000;
    const token = `${journal.id}:${range.segment}:${range.from}-${range.to}`;
    const chunks = new Chunks();
    const inserts = new Slots(INSERTS_AT_ONCE);
    for (const record of records) {
      for (const row of rowsOfRecord(record)) {
        const full = chunks.add(row);
        if (full !== null) await inserts.start(() => this.#storeChunk(full, token, range));
      }
      await nextTurn();
    }
    for await (const runs of assembleRuns(records, token, this.#options.runParts)) {
      for (const row of rowsOfRuns(runs)) {
        const full = chunks.add(row);
        if (full !== null) await inserts.start(() => this.#storeChunk(full, token, range));
      }
    }
    for (const chunk of chunks.rest()) await inserts.start(() => this.#storeChunk(chunk, token, range));
    await inserts.allEnded();
    await journal.advance({ segment: range.segment, offset: range.to });
    this.#writingSince = null;
  }

  async #storeChunk(chunk: Chunk, token: string, range: Range): Promise<void> {
    const refused = await this.#store(chunk, token);
    this.#count(chunk.table, chunk.rows);
    for (const row of refused) await this.#reject(row, token, range);
  }

  /** Keeps a row that its table refuses in `rejected`; one that even this refuses, in a copy of its segment. */
  async #reject({ table, row, rowNumber, reason }: RefusedRow, token: string, range: Range): Promise<void> {
    const { log, metrics, clock } = this.#options;
    const [project] = JSON.parse(row) as unknown[];
    const rejected = rejectedRow({ project: String(project), source: `store:${table}`, reason, record: row }, clock() * 1_000);
    log.warn({ table, reason }, "the store refuses a row; it goes to the rejected ones");
    const refused = await this.#store({ table: "rejected", firstRow: rowNumber, rows: [rejected.json] }, `${token}:${table}`);
    if (refused.length === 0) return;
    metrics.lostRows.inc();
    await this.#setAside(range);
  }

  #store(chunk: Chunk, token: string): Promise<RefusedRow[]> {
    const { insert, log, metrics } = this.#options;
    return storeChunk(chunk, token, insert, async (failures, reason) => {
      metrics.storeFailures.inc();
      if (failures === 1) log.warn({ table: chunk.table, reason }, "the store does not take a batch; it is tried again");
      await this.#pause(failures);
    });
  }

  #count(table: TelemetryTable, rows: readonly string[]): void {
    const { metrics } = this.#options;
    metrics.storedRows.inc({ table }, rows.length);
    metrics.storedBytes.inc(
      { table },
      rows.reduce((chars, row) => chars + row.length, 0),
    );
  }

  async #noteDamage(range: Range): Promise<void> {
    this.#options.metrics.damagedBytes.inc(range.to - range.from);
    await this.#setAside(range);
  }

  async #setAside({ segment, from, to }: Range): Promise<void> {
    const { journal, log } = this.#options;
    const copy = await journal.quarantine(segment);
    log.error({ segment, from, to, copy }, "a part of the journal cannot be stored; its segment is kept aside");
  }

  /** Waits longer after each failure. Throws when the collector gives up. */
  async #pause(failures: number): Promise<void> {
    await sleep(Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (failures - 1)), undefined, { signal: this.#ended.signal });
  }
}

/** Records to be stored together. */
interface Batch {
  range: Range;
  records: JournalRecord[];
}
