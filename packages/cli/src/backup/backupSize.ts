import { archiveFiles, type Manifest } from "@signalbox/db/backup";
import { bytesText, countText } from "@signalbox/model";

/** The size of a backup: rows by table, and compressed bytes. */
export function backupSize(manifest: Manifest): {
  rows: { postgres: Record<string, number>; clickhouse: Record<string, number> };
  bytes: number;
} {
  const { postgres, clickhouse } = manifest;
  return {
    rows: {
      postgres: Object.fromEntries(postgres.tables.map(({ name, rows }) => [name, rows])),
      clickhouse: Object.fromEntries(clickhouse.tables.map(({ name, parts }) => [name, parts.reduce((sum, { rows }) => sum + rows, 0)])),
    },
    bytes: archiveFiles(manifest).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** The size in words. */
export function backupSizeText({ rows, bytes }: ReturnType<typeof backupSize>): string {
  const { spans = 0 } = rows.clickhouse;
  const all = [...Object.values(rows.postgres), ...Object.values(rows.clickhouse)].reduce((sum, count) => sum + count, 0);
  return `${countText(all)} rows (${countText(spans)} of them spans) in ${bytesText(bytes)}`;
}
