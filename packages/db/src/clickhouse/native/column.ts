import type { ByteWriter } from "./byteWriter.ts";

/** A column of a block that is being filled: one value per row, in order. */
export interface Column {
  /** ClickHouse's name of the type. */
  readonly type: string;
  /** The column in ClickHouse's Native format, in pieces that stay valid until `clear`. */
  encode(): Buffer[];
  /** The approximate size of `encode()`, in bytes. */
  readonly bytes: number;
  /** Empties it for the next block. */
  clear(): void;
}

/** A column of texts. Bytes are copied unchanged: invalid UTF-8 is not repaired here. */
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
