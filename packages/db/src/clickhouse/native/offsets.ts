import { ByteWriter } from "./byteWriter.ts";

/** Cumulative element counts per row, as ClickHouse writes arrays and maps. */
export class Offsets {
  readonly #ends = new ByteWriter();
  #elements = 0;

  /** Ends a row with this number of elements. */
  endRow(elements: number): void {
    this.#elements += elements;
    this.#ends.uint64(this.#elements, 0);
  }

  get encoded(): Buffer {
    return this.#ends.written;
  }

  clear(): void {
    this.#ends.clear();
    this.#elements = 0;
  }
}
