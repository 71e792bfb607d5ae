import type { IngestSource } from "@signalbox/model";
import { type Journal, type TallyEntry, tallyRecord } from "../journal/index.ts";

/**
 * How long a count may wait, in milliseconds: a killed process has forgotten what it refused since then, of which nothing was acknowledged.
 */
const KEEP_EVERY_MS = 1_000;

const MINUTE_US = 60_000_000;

/**
 * Counts what was refused whole, and so is in no record of the journal, and hands it to the journal once a second. While that takes
 * nothing the counts wait in memory: one per project, source, minute and reason.
 */
export class Refusals implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #clock: () => number;
  readonly #receivedAtUs: () => number;
  readonly #timer: NodeJS.Timeout;
  #entries = new Map<string, TallyEntry>();

  /** `receivedAtUs` is the clock of everything that the journal takes: its records are in the order of that. */
  constructor(journal: Journal, clock: () => number, receivedAtUs: () => number) {
    this.#journal = journal;
    this.#clock = clock;
    this.#receivedAtUs = receivedAtUs;
    this.#timer = setInterval(() => void this.#keep(), KEEP_EVERY_MS);
  }

  /** Requests that no record could be read from: `reason` is how they were answered. */
  countUnread(project: string, source: IngestSource, reason: string): void {
    this.#count({ project, source, fate: "unread", reason, count: 1 });
  }

  /** Records that there was no room for: their sender was told to come back. */
  countTurnedAway(project: string, source: IngestSource, records: number): void {
    this.#count({ project, source, fate: "received", reason: "", count: records });
    this.#count({ project, source, fate: "rejected", reason: TURNED_AWAY, count: records });
  }

  /** Hands over what is left. */
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

/** Why records are rejected that there is no room for. */
export const TURNED_AWAY = "turned_away";
