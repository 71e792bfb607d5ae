import { setTimeout as sleep } from "node:timers/promises";
import type { KnownKey } from "@signalbox/model";
import type { Logger } from "pino";

/** The store of keys. */
export interface KeySource {
  listKnownKeys(): Promise<KnownKey[]>;
  touchApiKeys(ids: readonly string[], usedAt: Date): Promise<void>;
}

/**
 * The result of looking up a key. `unavailable`: it was not among the
 * keys when the source last answered, and the source does not answer now.
 */
export type KeyLookup = { kind: "known"; key: KnownKey } | { kind: "unknown" } | { kind: "unavailable" };

/** The longest time that keys are cached while the source answers: a revoked key may work that long. */
const REFRESH_MS = 5_000;

/** The shortest interval between reads caused by unknown keys, over all of them. */
const REFRESH_GAP_MS = 250;

/** The resolution of a key's last use. */
const TOUCH_MS = 60_000;

/**
 * All keys, cached in memory, so that a request costs no query. They are read again every few seconds, and when
 * an unknown key is used: a new key works at once. While the source is unavailable the cached keys go on working.
 */
export class KeyRing {
  readonly #source: KeySource;
  readonly #log: Logger;
  readonly #clock: () => number;
  readonly #timer: NodeJS.Timeout;
  #keys: ReadonlyMap<string, KnownKey> = new Map();
  #isAnswering = true;
  #startedMs = Number.NEGATIVE_INFINITY;
  #running: Promise<boolean> | null = null;
  #next: Promise<boolean> | null = null;
  readonly #used = new Set<string>();
  readonly #toldMs = new Map<string, number>();

  /** `clock` is milliseconds since 1970. */
  constructor(source: KeySource, log: Logger, clock: () => number) {
    this.#source = source;
    this.#log = log;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.#tick(), REFRESH_MS).unref();
    void this.#refresh();
  }

  /**
   * Finds a key by the hash of its secret. An attacker cannot choose a hash, so the time that this takes reveals nothing about a secret.
   */
  async find(secretHash: string): Promise<KeyLookup> {
    const known = this.#keys.get(secretHash);
    if (known !== undefined) return { kind: "known", key: known };
    const isAnswered = await this.#askAnew();
    const key = this.#keys.get(secretHash);
    if (key !== undefined) return { kind: "known", key };
    return { kind: isAnswered ? "unknown" : "unavailable" };
  }

  /** Notes that a key was used; the source is told within a minute. */
  noteUse(id: string): void {
    this.#used.add(id);
  }

  /** Stops reading, and reports the remaining uses to the source. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tellUses(0);
  }

  async #tick(): Promise<void> {
    if (await this.#refresh()) await this.#tellUses(TOUCH_MS);
  }

  /** Waits for a refresh that begins after this call, shared by all waiting callers; returns whether the source answered. */
  #askAnew(): Promise<boolean> {
    // Even without a gap to wait for, the continuation runs after the assignment: later callers wait for the next refresh.
    this.#next ??= this.#gapIsOver().then(() => {
      this.#next = null;
      return this.#refresh();
    });
    return this.#next;
  }

  async #gapIsOver(): Promise<void> {
    for (;;) {
      const gapMs = this.#startedMs + REFRESH_GAP_MS - performance.now();
      if (this.#running !== null) await this.#running;
      else if (gapMs > 0) await sleep(gapMs);
      else return;
    }
  }

  #refresh(): Promise<boolean> {
    this.#running ??= this.#load().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #load(): Promise<boolean> {
    this.#startedMs = performance.now();
    try {
      const keys = await this.#source.listKnownKeys();
      this.#keys = new Map(keys.map((key) => [key.secretHash, key]));
      if (!this.#isAnswering) this.#log.info("keys are read again");
      this.#isAnswering = true;
    } catch (error) {
      if (this.#isAnswering) this.#log.warn({ err: error }, "keys cannot be read; those that are known go on working");
      this.#isAnswering = false;
    }
    return this.#isAnswering;
  }

  /**
   * Reports unreported uses to the source, for each key no more often than every `ageMsMin`. What cannot be reported now is reported later.
   */
  async #tellUses(ageMsMin: number): Promise<void> {
    const nowMs = this.#clock();
    const due = [...this.#used].filter((id) => nowMs - (this.#toldMs.get(id) ?? Number.NEGATIVE_INFINITY) >= ageMsMin);
    if (due.length === 0) return;
    for (const id of due) this.#used.delete(id);
    try {
      await this.#source.touchApiKeys(due, new Date(nowMs));
      for (const id of due) this.#toldMs.set(id, nowMs);
    } catch (error) {
      this.#log.debug({ err: error }, "when keys were used cannot be told");
      for (const id of due) this.#used.add(id);
    }
  }
}
