import { rejectedRow } from "@signalbox/db/clickhouse";
import type { Logger } from "pino";
import type { Journal, Range } from "../journal/index.ts";
import type { WriterMetrics } from "../metrics.ts";
import type { Chunk } from "./chunk.ts";
import { ledgerChunk } from "./ledgerChunk.ts";
import { rowChunk } from "./rowChunks.ts";
import { type Insert, type RefusedRecord, storeChunk } from "./storeChunk.ts";
import type { Tally } from "./tally.ts";
import type { RefusalWord } from "./telemetryOf.ts";

const REFUSED_BY_STORE: RefusalWord = "refused_by_store";

/** `journal` keeps copies of segments. */
export interface BatchStoreOptions {
  journal: Pick<Journal, "quarantine">;
  insert: Insert;
  metrics: WriterMetrics;
  log: Logger;
}

/** Stores the parts of batches, however long it takes, and keeps elsewhere what the store can never accept. */
export class BatchStore {
  readonly #options: BatchStoreOptions;
  readonly #pause: (failures: number) => Promise<void>;

  /** `pause` is called after each failure of the store; it throws to give up. */
  constructor(options: BatchStoreOptions, pause: (failures: number) => Promise<void>) {
    this.#options = options;
    this.#pause = pause;
  }

  /** Stores a chunk of the batch that `range` holds, and releases it. Refused rows are counted in `tally`. */
  async storeChunk(chunk: Chunk, tally: Tally, token: string, range: Range): Promise<void> {
    const refused = await this.#store(chunk, token);
    this.#count(chunk);
    chunk.release();
    for (const record of refused) await this.#reject(record, tally, token, range);
  }

  /** Writes a batch's counts to the ledger: after its rows are stored, and before the journal forgets them. */
  async storeTally(tally: Tally, token: string): Promise<void> {
    const [first, ...others] = tally.entries();
    if (first === undefined) return;
    const [refused] = await this.#store(ledgerChunk(first, others), token);
    if (refused !== undefined) this.#options.log.error({ reason: refused.reason }, "the ledger refuses what became of a batch");
  }

  /** Counts a range that cannot be read, and keeps its segment. */
  async noteDamage(range: Range): Promise<void> {
    this.#options.metrics.damagedBytes.inc({}, range.to - range.from);
    await this.#setAside(range);
  }

  /** Keeps a row that its table refuses in `rejected`; if even that refuses it, in a copy of its segment. */
  async #reject(
    { table, reception, fingerprint, text, rowNumber, reason }: RefusedRecord,
    tally: Tally,
    token: string,
    range: Range,
  ): Promise<void> {
    const { log, metrics } = this.#options;
    const { project, source, receivedAtUs } = reception;
    if (table !== "rejected") {
      tally.rowsOf(reception).remove(fingerprint);
      tally.count(reception, "refused", 1, REFUSED_BY_STORE);
    }
    const rejected = rejectedRow({ project, source, reason: `the table ${table} refuses it: ${reason}`, record: text }, receivedAtUs);
    log.warn({ table, reason }, "the store refuses a row; it goes to the rejected ones");
    const refused = await this.#store(rowChunk("rejected", rowNumber, [{ ...rejected, reception }]), `${token}:${table}`);
    if (refused.length === 0) return;
    metrics.lostRows.inc({});
    await this.#setAside(range);
  }

  #store(chunk: Chunk, token: string): Promise<RefusedRecord[]> {
    const { insert, log, metrics } = this.#options;
    return storeChunk(chunk, token, insert, async (failures, reason) => {
      metrics.storeFailures.inc({});
      if (failures === 1) log.warn({ table: chunk.table, reason }, "the store does not take a batch; it is tried again");
      await this.#pause(failures);
    });
  }

  #count({ table, rowCount, body }: Chunk): void {
    const { metrics } = this.#options;
    metrics.storedRows.inc({ table }, rowCount);
    metrics.storedBytes.inc(
      { table },
      body.reduce((bytes, piece) => bytes + piece.length, 0),
    );
  }

  async #setAside({ segment, from, to }: Range): Promise<void> {
    const { journal, log } = this.#options;
    const copy = await journal.quarantine(segment);
    log.error({ segment, from, to, copy }, "a part of the journal cannot be stored; its segment is kept aside");
  }
}
