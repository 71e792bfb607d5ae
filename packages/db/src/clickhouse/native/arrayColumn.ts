import type { Column } from "./column.ts";
import { LowCardinalityColumn } from "./lowCardinalityColumn.ts";
import { Offsets } from "./offsets.ts";

/** Lists of texts with few distinct values. */
export class ArrayColumn implements Column {
  readonly type = "Array(LowCardinality(String))";
  readonly #offsets = new Offsets();
  readonly #elements = new LowCardinalityColumn();

  append(texts: readonly string[]): void {
    for (const text of texts) this.#elements.appendText(text);
    this.#offsets.endRow(texts.length);
  }

  get bytes(): number {
    return this.#offsets.encoded.length + this.#elements.bytes;
  }

  encode(): Buffer[] {
    return [this.#elements.encodeVersion(), this.#offsets.encoded, ...this.#elements.encodeRows()];
  }

  clear(): void {
    this.#offsets.clear();
    this.#elements.clear();
  }
}
