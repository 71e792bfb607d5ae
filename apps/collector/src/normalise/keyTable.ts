import { Dictionary, hashOf } from "@signalbox/db/clickhouse";

/** Attribute keys that somebody asks for, each with a number, so that finding one in a span needs neither texts nor maps. */
export class KeyTable {
  readonly #keys = new Dictionary();
  /** The keys in the order of their numbers. */
  readonly texts: string[] = [];

  /** The number of a key, a new one if need be. */
  add(key: string): number {
    const bytes = Buffer.from(key);
    const number = this.#keys.numberOf(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length));
    if (number === this.texts.length) this.texts.push(key);
    return number;
  }

  /** The number of a key that stands in `from`, or -1 for one that nobody asks for. `hash` is its `hashOf`. */
  find(from: Uint8Array, start: number, end: number, hash: number): number {
    return this.#keys.find(from, start, end, hash);
  }
}
