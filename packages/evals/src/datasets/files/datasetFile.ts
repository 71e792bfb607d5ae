/**
 * A file that items are read from, wherever it is. `name` is how a person
 * finds it; `bytes` is for formats that are not read from their beginning.
 */
export interface DatasetFile {
  name: string;
  text(): Promise<string>;
  lines(): AsyncIterable<string>;
  bytes: { byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
}

/** One row of a file and where it is: `line 3`, `[2]`, `row 7`. */
export interface PlacedRow {
  place: string;
  value: unknown;
}

/** The rows of a file in their order. Going through them throws `invalid_input` where the file is broken. */
export interface DatasetRows {
  count: number;
  rows: AsyncIterable<PlacedRow> | Iterable<PlacedRow>;
}
