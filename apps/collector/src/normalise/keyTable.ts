import { Dictionary, hashOf } from "@signalbox/db/clickhouse";

/** The attribute keys that dialects read, each with a number, so that looking one up needs neither strings nor maps. */
export class KeyTable {
  readonly #keys = new Dictionary();
  /** The keys, indexed by number. */
  readonly texts: string[] = [];

  /** The number of a key; a new key gets the next one. */
  add(key: string): number {
    const bytes = Buffer.from(key);
    const number = this.#keys.numberOf(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length));
    if (number === this.texts.length) this.texts.push(key);
    return number;
  }

  /** The number of the key at `start` to `end` in `from`, or -1 for an unknown one. `hash` is its `hashOf`. */
  find(from: Uint8Array, start: number, end: number, hash: number): number {
    return this.#keys.find(from, start, end, hash);
  }
}
