import { columnsOf, type TelemetryInsert } from "../clickhouse/index.ts";
import { readBlock } from "./readBlock.ts";

/** The rows of an insert by column, in order. */
export function rowsOfInsert({ table, body }: Pick<TelemetryInsert, "table" | "body">): Record<string, unknown>[] {
  if (table === "spans") return readBlock(body);
  if (table === "ledger") return readLedger(Buffer.concat([...body]));
  const columns = columnsOf(table);
  const lines = Buffer.concat([...body])
    .toString()
    .split("\n")
    .filter(Boolean);
  return lines.map((line) => Object.fromEntries((JSON.parse(line) as unknown[]).map((value, column) => [columns[column], value])));
}

/** Rows in RowBinary, as `ledgerBody` writes them. */
function readLedger(bytes: Buffer): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  let at = 0;
  const length = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 0x80) * factor;
      if (byte < 0x80) return value;
    }
  };
  const take = (count: number): Buffer => {
    at += count;
    return bytes.subarray(at - count, at);
  };
  const text = (): string => take(length()).toString();
  while (at < bytes.length) {
    const [project, source, minute, fate, reason] = [text(), text(), take(4).readUInt32LE(), text(), text()];
    const records = Number(take(8).readBigUInt64LE());
    const storedRows = Array.from({ length: length() }, () => take(4).readUInt32LE());
    rows.push({ project, source, minute, fate, reason, records, stored_rows: storedRows });
  }
  return rows;
}
