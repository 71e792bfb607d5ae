import { z } from "zod";

/** The file of a backup that is written last: a folder without it is no backup. */
export const MANIFEST_FILE = "manifest.json";

/** A file of a backup: its path in the folder, its length in bytes and its SHA-256 (hex), both as it lies there, compressed. */
export const ArchiveFile = z.strictObject({
  path: z.string().regex(/^(postgres|clickhouse|models)\/[\w.-]+$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArchiveFile = z.infer<typeof ArchiveFile>;

const Name = z.string().regex(/^\w+$/);
const Rows = z.number().int().nonnegative();

/** A migration on record in a store, with the SHA-256 (hex) of its file. */
export const RecordedMigration = z.strictObject({ name: z.string(), checksum: z.string() });
export type RecordedMigration = z.infer<typeof RecordedMigration>;

/** What a backup holds of PostgreSQL: tables in an order in which none comes before what it refers to, each as one COPY in text format. */
export const StateArchive = z.strictObject({
  version: z.string(),
  migrations: z.array(RecordedMigration),
  tables: z.array(z.strictObject({ name: Name, columns: z.array(Name), rows: Rows, file: ArchiveFile })),
  sequences: z.array(z.strictObject({ name: Name, value: z.string().regex(/^\d+$/) })),
});
export type StateArchive = z.infer<typeof StateArchive>;

/**
 * What a backup holds of ClickHouse: of each table one file per partition, in format Native. Rows are counted before doubles are merged.
 */
export const TelemetryArchive = z.strictObject({
  version: z.string(),
  migrations: z.array(RecordedMigration),
  tables: z.array(
    z.strictObject({ name: Name, columns: z.array(Name), parts: z.array(z.strictObject({ rows: Rows, file: ArchiveFile })) }),
  ),
});
export type TelemetryArchive = z.infer<typeof TelemetryArchive>;

/**
 * What a backup is. `models` are the models of intents of the data folder (a backup from before there were has none). Everything
 * acknowledged before `startedAt` is in it; `journal` says how that is known: the collector said so, or none was there to ask.
 */
export const Manifest = z.strictObject({
  format: z.literal(1),
  signalbox: z.string(),
  startedAt: z.iso.datetime(),
  journal: z.enum(["written", "not asked"]),
  postgres: StateArchive,
  clickhouse: TelemetryArchive,
  models: z.array(ArchiveFile).default([]),
});
export type Manifest = z.infer<typeof Manifest>;

/** Every file of a backup but the manifest. */
export function archiveFiles({ postgres, clickhouse, models }: Manifest): ArchiveFile[] {
  return [
    ...postgres.tables.map(({ file }) => file),
    ...clickhouse.tables.flatMap(({ parts }) => parts.map(({ file }) => file)),
    ...models,
  ];
}
