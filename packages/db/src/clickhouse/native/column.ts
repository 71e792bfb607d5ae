import type { ByteWriter } from "./byteWriter.ts";

/** A column of a block that is being filled: one value per row, in order. */
export interface Column {
  /** The type as ClickHouse names it. */
  readonly type: string;
  /** What it holds in ClickHouse's Native format, in pieces that stay as they are until `clear`. */
  encode(): Buffer[];
  /** Bytes that `encode` gives, about. */
  readonly bytes: number;
  /** Empties it for the next block. */
  clear(): void;
}

/** A column of texts. Bytes go in as they are: what is not UTF-8 is not mended here. */
export interface TextColumn extends Column {
  append(from: Uint8Array, start: number, end: number): void;
  appendText(text: string): void;
  appendEmpty(): void;
}

/** A text in Native format: its length, then its bytes. */
export function writeLengthAnd(writer: ByteWriter, from: Uint8Array, start: number, end: number): void {
  writer.varint(end - start);
  writer.copy(from, start, end);
}
