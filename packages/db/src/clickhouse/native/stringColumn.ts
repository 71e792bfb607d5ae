import { ByteWriter } from "./byteWriter.ts";
import { type TextColumn, writeLengthAnd } from "./column.ts";

/** Texts, each written in full. */
export class StringColumn implements TextColumn {
  readonly type = "String";
  readonly #values = new ByteWriter();

  append(from: Uint8Array, start: number, end: number): void {
    writeLengthAnd(this.#values, from, start, end);
  }

  appendText(text: string): void {
    this.#values.lengthAndText(text);
  }

  appendEmpty(): void {
    this.#values.byte(0);
  }

  /** Appends values that another `StringColumn` has encoded. */
  appendEncoded(values: Uint8Array): void {
    this.#values.copy(values, 0, values.length);
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
