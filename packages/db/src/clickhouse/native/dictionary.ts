import { randomInt } from "node:crypto";
import { ByteWriter } from "./byteWriter.ts";
import { writeLengthAnd } from "./column.ts";

const SLOTS_AT_FIRST = 256;

/** Random per process, so that nobody can send texts that all collide. */
const SEED = randomInt(2 ** 31);

/** FNV-1a over the bytes (Fowler, Noll, Vo), 32 bits. */
export function hashOf(from: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let place = start; place < end; place += 1) hash = Math.imul(hash ^ (from[place] as number), 0x0100_0193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The distinct texts of a block, numbered in the order of their first occurrence. Open addressing, at most half full. */
export class Dictionary {
  readonly #texts = new ByteWriter();
  /** The offset of each text in `#texts`, after its length. */
  #starts: number[] = [];
  #ends: number[] = [];
  #hashes: number[] = [];
  /** The number of a text plus one, 0 for a free slot. */
  #slots = new Uint32Array(SLOTS_AT_FIRST);

  get size(): number {
    return this.#starts.length;
  }

  /** All texts in Native format. */
  get encoded(): Buffer {
    return this.#texts.written;
  }

  /** The number of a text, newly assigned where it has none. `hash` is its `hashOf`. */
  numberOf(from: Uint8Array, start: number, end: number, hash: number): number {
    const slot = this.#slotOf(from, start, end, hash);
    const taken = this.#slots[slot] as number;
    return taken === 0 ? this.#add(from, start, end, hash, slot) : taken - 1;
  }

  /** The number of a text, or -1 where it has none. */
  find(from: Uint8Array, start: number, end: number, hash: number): number {
    return (this.#slots[this.#slotOf(from, start, end, hash)] as number) - 1;
  }

  clear(): void {
    this.#texts.clear();
    this.#starts = [];
    this.#ends = [];
    this.#hashes = [];
    this.#slots.fill(0);
  }

  /** The slot that holds a text's number, or the free slot for it. */
  #slotOf(from: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const taken = this.#slots[slot] as number;
      if (taken === 0 || (this.#hashes[taken - 1] === hash && this.#isText(taken - 1, from, start, end))) return slot;
    }
  }

  #isText(number: number, from: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts[number] as number;
    if ((this.#ends[number] as number) - at !== end - start) return false;
    const texts = this.#texts.whole;
    for (let place = start; place < end; place += 1) if (texts[at++] !== from[place]) return false;
    return true;
  }

  #add(from: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    writeLengthAnd(this.#texts, from, start, end);
    const number = this.#starts.push(this.#texts.length - (end - start)) - 1;
    this.#ends.push(this.#texts.length);
    this.#hashes.push(hash);
    this.#slots[slot] = number + 1;
    if (this.#starts.length * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}
