import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { RunPartStore } from "@signalbox/db/clickhouse";
import { type BackOff, backOffMs } from "@signalbox/model";
import type { Logger } from "pino";
import { assembleRuns, holdsRuns } from "../assemble/index.ts";
import { contentsOf, type Journal, type JournalRecord, type Range } from "../journal/index.ts";
import type { WriterMetrics } from "../metrics.ts";
import { Intake, type RuleBook, type RulesByProject, type RulesInForce } from "../rules/index.ts";
import { BatchChunks } from "./batchChunks.ts";
import { BatchStore } from "./batchStore.ts";
import type { Chunk } from "./chunk.ts";
import { InsertPool } from "./insertPool.ts";
import type { Insert } from "./storeChunk.ts";
import { Tally } from "./tally.ts";
import { telemetryOfRuns } from "./telemetryOf.ts";

/** The part of the journal that the writer uses. */
export type WriterJournal = Pick<
  Journal,
  "id" | "progress" | "unstored" | "untaken" | "untakenBytes" | "onDurable" | "read" | "intend" | "took" | "stored" | "quarantine"
>;

/** `batchBytes` and `batchAgeMs` decide when a batch is cut: by the waiting bytes, or by the age of the oldest in milliseconds. */
export interface WriterOptions {
  journal: WriterJournal;
  insert: Insert;
  runParts: RunPartStore;
  rules: Pick<RuleBook, "latest" | "known">;
  rulesInForce: RulesInForce;
  metrics: WriterMetrics;
  log: Logger;
  batchBytes: number;
  batchAgeMs: number;
}

/**
 * A writer at work. `end` ends it when everything is in the store or `graceMs` milliseconds are over; the rest waits in the journal for the
 * next start.
 */
export interface RunningWriter {
  /** Why telemetry cannot reach the store at the moment; null if it can. */
  readonly trouble: string | null;
  end(graceMs: number): Promise<void>;
}

/** The store handles two inserts at a time while the rows of a third are made. */
const INSERTS_AT_ONCE = 2;

/** While one batch waits for the store, others may pass it; the progress file has room for about fifty (journal/progress.ts). */
const BATCHES_AT_ONCE = 16;

const RETRY: BackOff = { firstMs: 100, msMax: 2_000 };

/**
 * Writes the journal's records to the store as long as it runs: the rows of a batch are made while earlier batches are inserted. A batch's
 * range is durable before its first insert: after a crash the same ranges are inserted again with the same tokens, which the store
 * recognises, whatever has been appended after them.
 */
export class Writer implements RunningWriter {
  readonly #options: WriterOptions;
  /** Always null: a batch that cannot be written is retried. */
  readonly trouble = null;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;
  readonly #store: BatchStore;
  #intake: Intake;
  /** The rules behind `#intake`, once this process has read them. */
  #rules: RulesByProject | null = null;
  #isDraining = false;
  #news = Promise.withResolvers<void>();
  /** Since when the oldest record after the current batch has waited, by a monotonic clock; null if none waits. */
  #waitingSince: number | null;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#store = new BatchStore(options, (failures) => this.#pause(failures));
    this.#intake = new Intake(options.rulesInForce.current ?? new Map(), options.metrics);
    this.#waitingSince = options.journal.untaken === null ? null : performance.now();
    options.journal.onDurable(() => {
      this.#waitingSince ??= performance.now();
      this.#news.resolve();
    });
    this.#running = this.#run();
  }

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
        await this.#takeAll(() => {
          failures = 0;
        });
        return;
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        failures += 1;
        log.error({ err: error }, "a batch cannot be written; it is tried again");
        await this.#pause(failures).catch(() => {});
      }
    }
  }

  /** Writes the batches that were on their way when the last process ended or failed, then all others; resolves when the collector ends. */
  async #takeAll(onStored: () => void): Promise<void> {
    const inserts = new InsertPool(INSERTS_AT_ONCE);
    const take = (batch: Batch): Promise<void> => this.#storeBatch(batch, inserts, onStored);
    try {
      // If the old rules are lost, use the current ones: stored rows stay, and nothing is stored without rules.
      if (this.#options.rulesInForce.current === null) await this.#turnToLatestRules(inserts);
      for (const range of this.#options.journal.unstored) await take(await this.#readAll(range));
      const due = (): Promise<Range | null> => Promise.race([this.#dueRange(), inserts.failed]);
      for (let range = await due(); range !== null; range = await due()) {
        await this.#turnToLatestRules(inserts);
        const batch = await this.#beginBatch(range);
        if (batch !== null) await take(batch);
      }
    } finally {
      await inserts.allEnded();
    }
  }

  /** Waits until rules are known. Changed rules take effect when no batch is on its way. */
  async #turnToLatestRules(inserts: InsertPool): Promise<void> {
    const { rules, rulesInForce, metrics } = this.#options;
    if (rules.latest === null) await Promise.race([rules.known, aborted(this.#ended.signal)]);
    if (rules.latest === null || rules.latest === this.#rules) return;
    await inserts.allEnded();
    await rulesInForce.change(rules.latest);
    this.#rules = rules.latest;
    this.#intake = new Intake(rules.latest, metrics);
  }

  /** The batch at the start of an untaken range; null if that is damaged. */
  async #beginBatch(untaken: Range): Promise<Batch | null> {
    const { journal, batchBytes } = this.#options;
    const waitingSince = this.#waitingSince;
    this.#waitingSince = null;
    const read = await journal.read(untaken, batchBytes);
    if (journal.untakenBytes > read.range.to - read.range.from) this.#waitingSince = waitingSince;
    await journal.intend(read.range);
    if (read.kind === "records") return read;
    read[Symbol.dispose]();
    await this.#store.noteDamage(read.range);
    await journal.stored(read.range);
    return null;
  }

  /**
   * Waits until the untaken records are enough or old enough for a batch; null when there are none and the collector ends. It changes
   * nothing, so that it may be abandoned when an insert fails.
   */
  async #dueRange(): Promise<Range | null> {
    const { journal, batchBytes, batchAgeMs } = this.#options;
    while (true) {
      const { untaken, progress } = journal;
      const hasRoom = progress.intents.length < BATCHES_AT_ONCE;
      if (this.#isDraining && hasRoom) return untaken;
      const waitMs = untaken === null || !hasRoom ? null : (this.#waitingSince ?? 0) + batchAgeMs - performance.now();
      if (waitMs !== null && (waitMs <= 0 || journal.untakenBytes >= batchBytes)) return untaken;
      const news = this.#news;
      await (waitMs === null ? news.promise : Promise.race([news.promise, sleep(waitMs)]));
      if (this.#news === news) this.#news = Promise.withResolvers();
    }
  }

  async #readAll(range: Range): Promise<Batch> {
    const reads = new DisposableStack();
    const records: JournalRecord[] = [];
    for (let from = range.from; from < range.to; ) {
      const read = reads.use(await this.#options.journal.read({ ...range, from }, range.to - from));
      if (read.kind === "records") records.push(...read.records);
      else await this.#store.noteDamage(read.range);
      from = read.range.to;
    }
    return { range, records, [Symbol.dispose]: () => reads.dispose() };
  }

  /** Makes a batch's rows and starts their inserts; resolves when the last has started. The batch is stored when all of them are. */
  async #storeBatch(batch: Batch, inserts: InsertPool, onStored: () => void): Promise<void> {
    const { journal } = this.#options;
    const { range, records } = batch;
    const token = `${journal.id}:${range.segment}:${range.from}-${range.to}`;
    journal.took(range, contentsOf(records));
    const tally = new Tally();
    const chunks = new BatchChunks(this.#intake, tally);
    let unfinished = 1;
    const finishOne = async (): Promise<void> => {
      unfinished -= 1;
      if (unfinished > 0) return;
      await this.#store.storeTally(tally, token);
      await journal.stored(range);
      batch[Symbol.dispose]();
      this.#news.resolve();
      onStored();
    };
    const start = async (chunk: Chunk): Promise<void> => {
      unfinished += 1;
      await inserts.start(async () => {
        await this.#store.storeChunk(chunk, tally, token, range);
        await finishOne();
      });
    };
    for (const record of records) {
      tally.countRequest(record);
      for (const chunk of chunks.add(record)) await start(chunk);
      await nextTurn();
    }
    // Earlier batches must not see this one's parts when they are read again after a crash: their tokens would then name different rows.
    if (holdsRuns(records)) await inserts.allEnded();
    for await (const runs of assembleRuns(records, token, this.#options.runParts, this.#intake, tally)) {
      for (const chunk of chunks.add(runs.record, (redactor) => telemetryOfRuns(runs, redactor))) await start(chunk);
    }
    for (const chunk of chunks.rest()) await start(chunk);
    await finishOne();
  }

  /** Pauses longer after each failure. Throws when the collector gives up. */
  async #pause(failures: number): Promise<void> {
    await sleep(backOffMs(RETRY, failures), undefined, { signal: this.#ended.signal });
  }
}

/** Rejects when `signal` is aborted. */
async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

/** Records to be stored together; disposed once they are stored and no longer read. */
interface Batch extends Disposable {
  range: Range;
  records: JournalRecord[];
}
