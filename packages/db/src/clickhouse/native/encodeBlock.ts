import { ByteWriter } from "./byteWriter.ts";
import type { Column } from "./column.ts";

/**
 * A block in ClickHouse's Native format: the counts of columns and rows, then each column with its name and type. The pieces
 * belong to the columns and stay valid until those are cleared. Of a block without rows ClickHouse reads only the headings.
 */
export function encodeBlock(columns: Readonly<Record<string, Column>>, rows: number): Buffer[] {
  const all = Object.entries(columns);
  const pieces = [counts(all.length, rows)];
  for (const [name, column] of all) pieces.push(heading(name, column.type), ...(rows === 0 ? [] : column.encode()));
  return pieces.filter((piece) => piece.length > 0);
}

function counts(columns: number, rows: number): Buffer {
  const writer = new ByteWriter(16);
  writer.varint(columns);
  writer.varint(rows);
  return writer.written;
}

function heading(name: string, type: string): Buffer {
  const writer = new ByteWriter(128);
  writer.lengthAndText(name);
  writer.lengthAndText(type);
  return writer.written;
}
