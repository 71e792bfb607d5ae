import type { IngestSource } from "@signalbox/model";
import { type Journal, type TallyEntry, tallyRecord } from "../journal/index.ts";

/**
 * How long a count may stay in memory, in milliseconds. A killed process loses the counts since then, but nothing acknowledged is among
 * them.
 */
const KEEP_EVERY_MS = 1_000;

const MINUTE_US = 60_000_000;

/**
 * Counts wholly refused requests, which are in no record of the journal, and appends the counts to the journal once a second. While the
 * journal accepts nothing they wait in memory, one per project, source, minute and reason.
 */
export class Refusals implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #clock: () => number;
  readonly #receivedAtUs: () => number;
  readonly #timer: NodeJS.Timeout;
  #entries = new Map<string, TallyEntry>();

  /** `receivedAtUs` is the clock of all journal records, which are in its order. */
  constructor(journal: Journal, clock: () => number, receivedAtUs: () => number) {
    this.#journal = journal;
    this.#clock = clock;
    this.#receivedAtUs = receivedAtUs;
    this.#timer = setInterval(() => void this.#keep(), KEEP_EVERY_MS);
  }

  /** Counts a request from which no record could be read; `reason` is how it was answered. */
  countUnread(project: string, source: IngestSource, reason: string): void {
    this.#count({ project, source, fate: "unread", reason, count: 1 });
  }

  /** Counts records for which there was no room: their sender was told to retry. */
  countTurnedAway(project: string, source: IngestSource, records: number): void {
    this.#count({ project, source, fate: "received", reason: "", count: records });
    this.#count({ project, source, fate: "rejected", reason: TURNED_AWAY, count: records });
  }

  /** Appends the remaining counts. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#keep();
  }

  #count(counted: Omit<TallyEntry, "receivedAtUs">): void {
    const receivedAtUs = Math.floor((this.#clock() * 1_000) / MINUTE_US) * MINUTE_US;
    this.#add({ ...counted, receivedAtUs });
  }

  #add(entry: TallyEntry): void {
    const { project, source, receivedAtUs, fate, reason, count } = entry;
    const key = `${project}\n${source}\n${receivedAtUs}\n${fate}\n${reason}`;
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, { ...entry });
    else known.count += count;
  }

  async #keep(): Promise<void> {
    if (this.#entries.size === 0) return;
    const entries = [...this.#entries.values()];
    this.#entries = new Map();
    const appended = await this.#journal.append(tallyRecord(entries, this.#receivedAtUs()));
    if (appended.kind === "refused") for (const entry of entries) this.#add(entry);
  }
}

/** The reason for rejecting records for which there is no room. */
export const TURNED_AWAY = "turned_away";
