import { setTimeout as sleep } from "node:timers/promises";
import type { KnownKey } from "@signalbox/model";
import type { Logger } from "pino";

/** Where keys are kept. */
export interface KeySource {
  listKnownKeys(): Promise<KnownKey[]>;
  touchApiKeys(ids: readonly string[], usedAt: Date): Promise<void>;
}

/** `unavailable`: the key is not among those that were known when the source last answered, and it does not answer now. */
export type KeyLookup = { kind: "known"; key: KnownKey } | { kind: "unknown" } | { kind: "unavailable" };

/** How old what is known may be while the source answers: so long a revoked key may go on. */
const REFRESH_MS = 5_000;

/** An unknown key asks the source again, but all of them together no more often than this. */
const REFRESH_GAP_MS = 250;

/** How coarse the time of a key's last use is. */
const TOUCH_MS = 60_000;

/**
 * The keys that there are, held in memory, so that a request costs no query. They are asked for again every few seconds, and when
 * a key comes that is not among them: a new key works at once. While the source is away those that are known go on working.
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
   * Finds a key by the hash of its secret. An attacker cannot steer a hash
   * towards another, so the time that this takes tells nothing of a secret.
   */
  async find(secretHash: string): Promise<KeyLookup> {
    const known = this.#keys.get(secretHash);
    if (known !== undefined) return { kind: "known", key: known };
    const isAnswered = await this.#askAnew();
    const key = this.#keys.get(secretHash);
    if (key !== undefined) return { kind: "known", key };
    return { kind: isAnswered ? "unknown" : "unavailable" };
  }

  /** Remembers that a key was used; the source is told within a minute. */
  noteUse(id: string): void {
    this.#used.add(id);
  }

  /** Asks no more, and tells the source what it does not know yet. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tellUses(0);
  }

  async #tick(): Promise<void> {
    if (await this.#refresh()) await this.#tellUses(TOUCH_MS);
  }

  /** A refresh that begins after this call, shared by all who wait for one; whether the source answered. */
  #askAnew(): Promise<boolean> {
    // Also where there is no gap to wait for, the continuation runs after the assignment: who comes from there on waits for the one after.
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
   * Tells the source of the uses that it does not know, of each key no more often than `ageMsMin`. What cannot be told now is told later.
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
