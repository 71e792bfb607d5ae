import { ByteWriter } from "./byteWriter.ts";
import type { Column } from "./column.ts";

/** Fixed-width values: identifiers, times, counts. Integers are little-endian. */
export class FixedColumn implements Column {
  readonly type: string;
  readonly #width: number;
  readonly #values = new ByteWriter();

  constructor(type: string, width: number) {
    this.type = type;
    this.#width = width;
  }

  /** Copies one value, `width` bytes from `start` on. */
  append(from: Uint8Array, start: number): void {
    this.#values.copy(from, start, start + this.#width);
  }

  appendZero(): void {
    this.#values.zeros(this.#width);
  }

  appendByte(value: number): void {
    this.#values.byte(value);
  }

  appendUint32(value: number): void {
    this.#values.uint32(value);
  }

  /** A whole number from 0 to 2^63. */
  appendUint64(value: number): void {
    this.#values.uint64(value % 2 ** 32, Math.floor(value / 2 ** 32));
  }

  get bytes(): number {
    return this.#values.length;
  }

  encode(): Buffer[] {
    return [this.#values.written];
  }

  clear(): void {
    this.#values.clear();
  }
}
