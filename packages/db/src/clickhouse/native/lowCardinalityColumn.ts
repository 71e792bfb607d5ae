import { ByteWriter } from "./byteWriter.ts";
import type { TextColumn } from "./column.ts";
import { Dictionary, hashOf } from "./dictionary.ts";
import type { RepeatedText } from "./repeatedText.ts";

/** The only version of ClickHouse's serialisation of dictionaries: shared dictionaries with additional keys. */
const SERIALISATION_VERSION = 1;

/**
 * Flags: the block brings all its keys (bit 9), and they are its whole dictionary (bit 10); the lower bits give the width of a key's index.
 */
const HAS_ADDITIONAL_KEYS = 0x600;

/** Texts with few distinct values: indexes into a dictionary that each block brings along. */
export class LowCardinalityColumn implements TextColumn {
  readonly type = "LowCardinality(String)";
  readonly #dictionary = new Dictionary();
  /** Indexes of texts that came as strings: finding one again needs no conversion. */
  readonly #numbersOfTexts = new Map<string, number>();
  #numbers = new Uint32Array(1_024);
  #rows = 0;
  /** Identifies the block that is being filled. */
  #block = {};

  append(from: Uint8Array, start: number, end: number): void {
    this.#appendNumber(this.#dictionary.numberOf(from, start, end, hashOf(from, start, end)));
  }

  appendRepeated(text: RepeatedText): void {
    if (text.there !== this.#block) {
      text.there = this.#block;
      text.numberThere = this.#dictionary.numberOf(text.bytes, 0, text.bytes.length, text.hash);
    }
    this.#appendNumber(text.numberThere);
  }

  appendText(text: string): void {
    let number = this.#numbersOfTexts.get(text);
    if (number === undefined) {
      const bytes = Buffer.from(text);
      number = this.#dictionary.numberOf(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length));
      this.#numbersOfTexts.set(text, number);
    }
    this.#appendNumber(number);
  }

  appendEmpty(): void {
    this.appendText("");
  }

  get bytes(): number {
    return this.#dictionary.encoded.length + this.#rows * 2;
  }

  encode(): Buffer[] {
    return [this.encodeVersion(), ...this.encodeRows()];
  }

  /** The version, which precedes the column, or the outer column where this one is part of another. */
  encodeVersion(): Buffer {
    return uint64(SERIALISATION_VERSION);
  }

  /** ClickHouse reads nothing of a column without rows. */
  encodeRows(): Buffer[] {
    if (this.#rows === 0) return [];
    const { size, encoded } = this.#dictionary;
    const width = size <= 2 ** 8 ? 0 : size <= 2 ** 16 ? 1 : 2;
    return [uint64(HAS_ADDITIONAL_KEYS | width), uint64(size), encoded, uint64(this.#rows), this.#encodeNumbers(width)];
  }

  clear(): void {
    this.#dictionary.clear();
    this.#numbersOfTexts.clear();
    this.#block = {};
    this.#rows = 0;
  }

  #appendNumber(number: number): void {
    if (this.#rows === this.#numbers.length) this.#grow();
    this.#numbers[this.#rows++] = number;
  }

  #encodeNumbers(width: 0 | 1 | 2): Buffer {
    const numbers = this.#numbers.subarray(0, this.#rows);
    const narrow = width === 0 ? new Uint8Array(numbers) : width === 1 ? new Uint16Array(numbers) : numbers;
    return Buffer.from(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

function uint64(value: number): Buffer {
  const writer = new ByteWriter(8);
  writer.uint64(value, 0);
  return writer.written;
}
