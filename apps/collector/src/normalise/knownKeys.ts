import { Dictionary, hashOf, RepeatedText } from "@signalbox/db/clickhouse";
import { indexedKeyOf, KEY_TABLE, rankOfKey } from "./compiledDialects.ts";

/**
 * The most keys cached at a time, and the most of one span; below, the longest key cached in bytes. Limits are needed because senders
 * invent keys.
 */
export const KEYS_MAX = 4_096;
const KEY_BYTES_MAX = 256;

/** An attribute's key, with its meaning. */
export class KnownKey extends RepeatedText {
  /** Its number in the key table; -1 if no dialect reads it. */
  readonly number: number;
  readonly rank: number;
  /** Its meaning in index-flattened messages, if any. */
  readonly indexed: ReturnType<typeof indexedKeyOf>;
  /** The key that came after it last time. */
  next: KnownKey | null = null;

  constructor(bytes: Uint8Array, hash: number) {
    super(bytes, hash);
    this.number = KEY_TABLE.find(bytes, 0, bytes.length, hash);
    this.rank = rankOfKey(this.number, bytes, 0, bytes.length);
    this.indexed = indexedKeyOf(bytes);
  }

  isAt(bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.bytes;
    if (own.length !== end - start) return false;
    for (let place = 0; place < own.length; place += 1) if (own[place] !== bytes[start + place]) return false;
    return true;
  }
}

/**
 * A cache of recently seen keys. Similar spans have the same keys in the same order, so the key that came next last time is compared before
 * anything is hashed.
 */
export class KnownKeys {
  /** Stands for the position before a span's first key. */
  readonly none = new KnownKey(new Uint8Array(), hashOf(new Uint8Array(), 0, 0));
  readonly #numbers = new Dictionary();
  #keys: KnownKey[] = [];

  /** The key in `bytes` that comes after the key `before`. A very long key is valid only as long as `bytes` is. */
  after(before: KnownKey, bytes: Uint8Array, start: number, end: number): KnownKey {
    const { next } = before;
    if (next?.isAt(bytes, start, end)) return next;
    if (end - start > KEY_BYTES_MAX) return this.passing(bytes, start, end);
    before.next = this.#find(bytes, start, end, hashOf(bytes, start, end));
    return before.next;
  }

  /** The key in `bytes`, valid only as long as they are; it is not cached. */
  passing(bytes: Uint8Array, start: number, end: number): KnownKey {
    return new KnownKey(bytes.subarray(start, end), hashOf(bytes, start, end));
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): KnownKey {
    const known = this.#keys[this.#numbers.find(bytes, start, end, hash)];
    if (known !== undefined) return known;
    if (this.#keys.length === KEYS_MAX) this.#forget();
    // Copied, because the memory that it came in is reused.
    const key = new KnownKey(new Uint8Array(bytes.subarray(start, end)), hash);
    this.#keys[this.#numbers.numberOf(bytes, start, end, hash)] = key;
    return key;
  }

  /** Clears the cache, including the links from each key to the next. */
  #forget(): void {
    this.#numbers.clear();
    this.#keys = [];
    this.none.next = null;
  }
}
