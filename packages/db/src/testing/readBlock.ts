/** Reads columns of ClickHouse's Native format, limited to the types of a block of spans. */
class BlockReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  varint(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#take(1).readUInt8();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }

  text(): string {
    return this.#take(this.varint()).toString();
  }

  column(type: string, rows: number): unknown[] {
    if (rows === 0) return [];
    const [, outer = type, inner = ""] = /^(\w+)\((.*)\)$/.exec(type) ?? [];
    switch (outer) {
      case "String":
        return this.#each(rows, () => this.text());
      case "FixedString":
        return this.#each(rows, () => this.#take(Number(inner)).toString("hex"));
      case "Bool":
        return this.#each(rows, () => this.#take(1).readUInt8() === 1);
      case "UInt32":
        return this.#each(rows, () => this.#take(4).readUInt32LE());
      case "DateTime64":
      case "Decimal":
        return this.#each(rows, () => this.#take(8).readBigInt64LE());
      case "Nullable": {
        const nulls = this.#each(rows, () => this.#take(1).readUInt8() === 1);
        return this.column(inner, rows).map((value, row) => (nulls[row] ? null : value));
      }
      case "LowCardinality":
        this.#version();
        return this.#lowCardinality(rows);
      case "Array": {
        this.#version();
        const ends = this.#ends(rows);
        return slices(this.#lowCardinality(ends.at(-1) ?? 0), ends);
      }
      case "Map": {
        this.#version();
        const ends = this.#ends(rows);
        const keys = this.#lowCardinality(ends.at(-1) ?? 0);
        const values = this.column("String", keys.length);
        return slices(
          keys.map((key, entry) => [key, values[entry]]),
          ends,
        ).map((entries) => Object.fromEntries(entries));
      }
      default:
        throw new Error(`a column of type ${type} cannot be read`);
    }
  }

  #version(): void {
    if (this.#uint64() !== 1) throw new Error("dictionaries have version 1");
  }

  #lowCardinality(rows: number): unknown[] {
    if (rows === 0) return [];
    const width = 2 ** (this.#uint64() & 0xff);
    const texts = this.column("String", this.#uint64());
    return this.#each(this.#uint64(), () => texts[this.#take(width).readUIntLE(0, width)]);
  }

  #ends(rows: number): number[] {
    return this.#each(rows, () => this.#uint64());
  }

  #uint64(): number {
    return Number(this.#take(8).readBigUInt64LE());
  }

  #each<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }

  #take(count: number): Buffer {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new Error("the block is cut off");
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

function slices<T>(all: readonly T[], ends: readonly number[]): T[][] {
  return ends.map((end, row) => all.slice(ends[row - 1] ?? 0, end));
}

/** The rows of a block in Native format: ids as hex digits, times and decimals as the integers that are stored. */
export function readBlock(pieces: readonly Buffer[]): Record<string, unknown>[] {
  const reader = new BlockReader(Buffer.concat(pieces));
  const columnCount = reader.varint();
  const rows = reader.varint();
  const columns = Array.from({ length: columnCount }, () => [reader.text(), reader.column(reader.text(), rows)] as const);
  return Array.from({ length: rows }, (_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])));
}
