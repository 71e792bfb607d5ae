import type { Column } from "./column.ts";
import { LowCardinalityColumn } from "./lowCardinalityColumn.ts";
import { Offsets } from "./offsets.ts";
import { StringColumn } from "./stringColumn.ts";

/** Maps of texts: a row's entries are appended to `keys` and `values` one by one, then `endRow` gets their number. */
export class MapColumn implements Column {
  readonly type = "Map(LowCardinality(String), String)";
  readonly keys = new LowCardinalityColumn();
  readonly values = new StringColumn();
  readonly #offsets = new Offsets();

  endRow(entries: number): void {
    this.#offsets.endRow(entries);
  }

  get bytes(): number {
    return this.#offsets.encoded.length + this.keys.bytes + this.values.bytes;
  }

  encode(): Buffer[] {
    return [this.keys.encodeVersion(), this.#offsets.encoded, ...this.keys.encodeRows(), ...this.values.encode()];
  }

  clear(): void {
    this.keys.clear();
    this.values.clear();
    this.#offsets.clear();
  }
}
