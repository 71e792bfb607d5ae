import { z } from "zod";

/** The file of a backup that is written last: a folder without it is not a backup. */
export const MANIFEST_FILE = "manifest.json";

/** A file of a backup: its path within the folder, and the size (bytes) and SHA-256 (hex) of its compressed form. */
export const ArchiveFile = z.strictObject({
  path: z.string().regex(/^(postgres|clickhouse|models)\/[\w.-]+$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArchiveFile = z.infer<typeof ArchiveFile>;

const Name = z.string().regex(/^\w+$/);
const Rows = z.number().int().nonnegative();

/** A migration recorded in a store, with the SHA-256 (hex) of its file. */
export const RecordedMigration = z.strictObject({ name: z.string(), checksum: z.string() });
export type RecordedMigration = z.infer<typeof RecordedMigration>;

/** The PostgreSQL part of a backup: tables, each after those that it refers to, as one COPY in text format each. */
export const StateArchive = z.strictObject({
  version: z.string(),
  migrations: z.array(RecordedMigration),
  tables: z.array(z.strictObject({ name: Name, columns: z.array(Name), rows: Rows, file: ArchiveFile })),
  sequences: z.array(z.strictObject({ name: Name, value: z.string().regex(/^\d+$/) })),
});
export type StateArchive = z.infer<typeof StateArchive>;

/**
 * The ClickHouse part of a backup: one file in format Native per partition of each table. Row counts are from before duplicates are merged.
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
 * The manifest of a backup. `models` are the data folder's intent models (none in backups from before there were any). Everything
 * acknowledged before `startedAt` is in it; `journal` says how that is known: the collector said so, or there was none to ask.
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
