/** A file of items, wherever it is stored. `name` identifies it to people; `bytes` is for formats that are not read from the beginning. */
export interface DatasetFile {
  name: string;
  text(): Promise<string>;
  lines(): AsyncIterable<string>;
  bytes: { byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
}

/** A row of a file and its location: `line 3`, `[2]`, `row 7`. */
export interface PlacedRow {
  place: string;
  value: unknown;
}

/** The rows of a file in order. Iterating throws `invalid_input` where the file is broken. */
export interface DatasetRows {
  count: number;
  rows: AsyncIterable<PlacedRow> | Iterable<PlacedRow>;
}
