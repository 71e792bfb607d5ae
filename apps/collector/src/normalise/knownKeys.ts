import { Dictionary, hashOf, RepeatedText } from "@signalbox/db/clickhouse";
import { indexedKeyOf, KEY_TABLE, rankOfKey } from "./compiledDialects.ts";

/** So many keys are known at a time, and of one span, and none that is longer: senders invent keys. */
export const KEYS_MAX = 4_096;
const KEY_BYTES_MAX = 256;

/** The key of an attribute, and what it means to us. */
export class KnownKey extends RepeatedText {
  /** Its number in the key table; -1 where nobody asks for it. */
  readonly number: number;
  readonly rank: number;
  /** What it says of messages that are flattened by index. */
  readonly indexed: ReturnType<typeof indexedKeyOf>;
  /** The key that stood behind it the last time. */
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
 * Keys that were seen lately. Spans of a kind have the same keys in the same order: the one that stood behind a key the last time is
 * compared before anything is hashed.
 */
export class KnownKeys {
  /** Stands before the first key of a span. */
  readonly none = new KnownKey(new Uint8Array(), hashOf(new Uint8Array(), 0, 0));
  readonly #numbers = new Dictionary();
  #keys: KnownKey[] = [];

  /** The key that stands in `bytes` behind the key `before`; a very long one is right as long as they are. */
  after(before: KnownKey, bytes: Uint8Array, start: number, end: number): KnownKey {
    const { next } = before;
    if (next?.isAt(bytes, start, end)) return next;
    if (end - start > KEY_BYTES_MAX) return this.passing(bytes, start, end);
    before.next = this.#find(bytes, start, end, hashOf(bytes, start, end));
    return before.next;
  }

  /** The key that stands in `bytes`, for as long as they are right; it is not remembered. */
  passing(bytes: Uint8Array, start: number, end: number): KnownKey {
    return new KnownKey(bytes.subarray(start, end), hashOf(bytes, start, end));
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): KnownKey {
    const known = this.#keys[this.#numbers.find(bytes, start, end, hash)];
    if (known !== undefined) return known;
    if (this.#keys.length === KEYS_MAX) this.#forget();
    // A copy: the memory that it stands in is used again.
    const key = new KnownKey(new Uint8Array(bytes.subarray(start, end)), hash);
    this.#keys[this.#numbers.numberOf(bytes, start, end, hash)] = key;
    return key;
  }

  /** What was known hangs together by what stood behind it. */
  #forget(): void {
    this.#numbers.clear();
    this.#keys = [];
    this.none.next = null;
  }
}
