import type { LedgerEntry } from "@signalbox/db/clickhouse";
import type { Fate } from "@signalbox/model";
import { acceptedOf, type JournalRecord, tallyOf } from "../journal/index.ts";
import type { Reception } from "../normalise/index.ts";
import { Fingerprints } from "./fingerprints.ts";

const NO_FINGERPRINTS = new Uint32Array();

/**
 * Counts what happened to the records of one batch, by project, source and minute of receipt. It is written with the batch, and so exactly
 * once.
 */
export class Tally {
  readonly #counts = new Map<string, Omit<LedgerEntry, "fingerprints">>();
  readonly #rows = new Map<string, { reception: Reception; fingerprints: Fingerprints }>();

  /**
   * Counts `count` records received as in `reception`. Call it once per request and fate, not per record; `reason` is one of a short list
   * (empty if a fate needs none). Stored records are counted by their rows: see `rowsOf`.
   */
  count({ project, source, receivedAtUs }: Reception, fate: Exclude<Fate, "stored">, count: number, reason = ""): void {
    if (count === 0) return;
    const minute = minuteOf(receivedAtUs);
    const key = `${project}\n${source}\n${minute}\n${fate}\n${reason}`;
    const entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, { project, source, minute, fate, reason, count });
    else entry.count += count;
  }

  /** Counts what the sender of a request was told. */
  countRequest(request: JournalRecord): void {
    const { counts } = request;
    for (const { fate, count, reason, ...reception } of tallyOf(request)) this.count(reception, fate, count, reason);
    if (counts === null) return;
    this.count(request, "received", counts.received);
    this.count(request, "accepted", acceptedOf(counts));
    for (const [reason, count] of Object.entries(counts.rejected)) this.count(request, "rejected", count, reason);
  }

  /**
   * Counts records read back from the journal. Earlier versions stored no counts with a request: its records then count as received and
   * accepted too.
   */
  countJournaled(request: JournalRecord, count: number): void {
    this.count(request, "journaled", count);
    if (request.counts !== null) return;
    this.count(request, "received", count);
    this.count(request, "accepted", count);
  }

  /** The fingerprints of rows received as in `reception`: code that puts a row into a chunk adds the row's fingerprint here. */
  rowsOf(reception: Reception): Fingerprints {
    const key = `${reception.project}\n${reception.source}\n${minuteOf(reception.receivedAtUs)}`;
    let rows = this.#rows.get(key);
    if (rows === undefined) {
      rows = { reception, fingerprints: new Fingerprints() };
      this.#rows.set(key, rows);
    }
    return rows.fingerprints;
  }

  /** The counts, always in the same order. */
  entries(): LedgerEntry[] {
    const counted = [...this.#counts.values()].map((entry) => ({ ...entry, fingerprints: NO_FINGERPRINTS }));
    const stored = [...this.#rows.values()].map(({ reception: { project, source, receivedAtUs }, fingerprints }) => {
      const common = { project, source, minute: minuteOf(receivedAtUs), fate: "stored" as const, reason: "" };
      return { ...common, count: fingerprints.count, fingerprints: fingerprints.sorted() };
    });
    return [...counted, ...stored.filter(({ count }) => count > 0)];
  }
}

function minuteOf(receivedAtUs: number): number {
  return Math.floor(receivedAtUs / 60_000_000) * 60;
}
