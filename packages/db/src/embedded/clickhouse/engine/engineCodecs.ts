import { z } from "zod";
import { createClickHouse } from "../../../clickhouse/client.ts";
import { readRows } from "../../../clickhouse/readRows.ts";

/** The text columns of `spans`: nine tenths of a span's bytes. */
const TEXTS = ["system_messages", "input_messages", "output_messages", "tool_arguments", "tool_result"];

/**
 * Leaves the codec of long texts to the embedded engine, which compresses more when it merges (`engineSettings.ts`, docs/adr/051).
 * An external server may compress less by default: there the columns keep the codec of the migrations. Repeating it does nothing.
 */
export async function leaveTextsToEngine(clickhouseUrl: string): Promise<void> {
  const clickhouse = createClickHouse(clickhouseUrl);
  try {
    const sql = `SELECT name FROM system.columns
WHERE database = currentDatabase() AND table = 'spans' AND compression_codec != '' AND name IN {texts:Array(String)}`;
    const columns = await readRows(clickhouse, { sql, params: { texts: TEXTS } }, z.object({ name: z.string() }));
    if (columns.length === 0) return;
    const changes = columns.map(({ name }) => `MODIFY COLUMN ${name} REMOVE CODEC`);
    await clickhouse.command({ query: `ALTER TABLE spans ${changes.join(", ")}` });
  } finally {
    await clickhouse.close();
  }
}
