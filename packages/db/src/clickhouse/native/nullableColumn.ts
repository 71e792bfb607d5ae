import { ByteWriter } from "./byteWriter.ts";
import type { Column } from "./column.ts";
import { FixedColumn } from "./fixedColumn.ts";

/** Whole numbers that may be null: first the null mask, then the values. */
export class NullableColumn implements Column {
  readonly type: string;
  readonly #width: 4 | 8;
  readonly #nulls = new ByteWriter();
  readonly #values: FixedColumn;

  constructor(type: string, width: 4 | 8) {
    this.type = `Nullable(${type})`;
    this.#width = width;
    this.#values = new FixedColumn(type, width);
  }

  append(value: number | null): void {
    this.#nulls.byte(value === null ? 1 : 0);
    if (this.#width === 4) this.#values.appendUint32(value ?? 0);
    else this.#values.appendUint64(value ?? 0);
  }

  get bytes(): number {
    return this.#nulls.length + this.#values.bytes;
  }

  encode(): Buffer[] {
    return [this.#nulls.written, ...this.#values.encode()];
  }

  clear(): void {
    this.#nulls.clear();
    this.#values.clear();
  }
}
