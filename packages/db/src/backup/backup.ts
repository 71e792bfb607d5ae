import { AppError } from "@signalbox/model";
import { clickhouseMigrations, migrateClickHouse } from "../clickhouse/migrate.ts";
import { migratePostgres, postgresMigrations } from "../prisma/migrate.ts";
import { createArchive, readManifest, verifyArchive } from "./archive.ts";
import { archiveFiles, type Manifest, type RecordedMigration } from "./manifest.ts";
import { archiveModels, restoreModels } from "./modelArchive.ts";
import { archiveState, isStateEmpty, restoreState } from "./stateArchive.ts";
import { archiveTelemetry, createArchiveClient, isTelemetryEmpty, restoreTelemetry } from "./telemetryArchive.ts";

/** The stores to back up: PostgreSQL, ClickHouse, and the folder of trained intent models, where one is given. */
export interface BackupStores {
  databaseUrl: string;
  clickhouseUrl: string;
  modelFolder?: string;
}

/** Reports the progress of a backup or a restore, in files: `begin` gets their number, `done` is called after each. */
export interface FileProgress {
  begin: (files: number) => void;
  done: () => void;
}

/**
 * Backs up both stores and the models into a new folder while Signalbox runs. `journalWritten` resolves
 * when everything acknowledged before its call is in the telemetry store. The state is read first:
 * whatever it has handed over to the telemetry store was acknowledged by then, and so is in the backup.
 */
export async function backUp(
  { databaseUrl, clickhouseUrl, modelFolder }: BackupStores,
  folder: string,
  {
    signalbox,
    now,
    journalWritten,
    progress,
  }: { signalbox: string; now: () => number; journalWritten: () => Promise<Manifest["journal"]>; progress: FileProgress },
): Promise<Manifest> {
  using archive = createArchive(folder);
  const startedAt = new Date(now()).toISOString();
  const postgres = await archiveState(databaseUrl, archive, () => {});
  const journal = await journalWritten();
  const clickhouse = createArchiveClient(clickhouseUrl);
  try {
    const telemetry = await archiveTelemetry(clickhouse, archive, progress);
    const models = modelFolder === undefined ? [] : await archiveModels(modelFolder, archive);
    const manifest: Manifest = { format: 1, signalbox, startedAt, journal, postgres, clickhouse: telemetry, models };
    archive.finish(manifest);
    return manifest;
  } finally {
    await clickhouse.close();
  }
}

/**
 * Reads a backup's manifest and verifies its files. Throws a readable error where
 * one is missing or altered, or where this version cannot restore the backup.
 */
export async function openBackup(folder: string, progress: FileProgress): Promise<Manifest> {
  const manifest = readManifest(folder);
  requireKnown(manifest, "PostgreSQL", manifest.postgres.migrations, postgresMigrations());
  requireKnown(manifest, "ClickHouse", manifest.clickhouse.migrations, clickhouseMigrations());
  progress.begin(archiveFiles(manifest).length);
  await verifyArchive(folder, manifest, progress.done);
  return manifest;
}

function requireKnown(
  { signalbox }: Manifest,
  store: string,
  recorded: readonly RecordedMigration[],
  known: readonly RecordedMigration[],
): void {
  const unknown = recorded.find(({ name, checksum }) => !known.some((one) => one.name === name && one.checksum === checksum));
  if (unknown === undefined) return;
  throw new AppError(
    "invalid_input",
    `The backup was made by another version, Signalbox ${signalbox}: its ${store} has the migration ${unknown.name}, which is not known here.`,
    {
      hint: "Restore it with the version that made it, or a later one.",
    },
  );
}

/** Throws `conflict` unless both stores are empty. */
export async function requireEmptyStores({ databaseUrl, clickhouseUrl }: Omit<BackupStores, "modelFolder">): Promise<void> {
  const [isStateFree, isTelemetryFree] = await Promise.all([isStateEmpty(databaseUrl), isTelemetryEmpty(clickhouseUrl)]);
  if (isStateFree && isTelemetryFree) return;
  throw new AppError("conflict", `The ${isStateFree ? "telemetry" : "state"} store to restore into is not empty.`, {
    hint: "A backup is restored into an empty data folder (--data-dir), or into databases that have no tables.",
  });
}

/**
 * Loads a backup that `openBackup` has verified into empty stores, and migrates them to this version's schema.
 * If it throws, the stores are incomplete and must not be used. `progress.done` is called after each file.
 */
export async function restoreBackup(stores: BackupStores, folder: string, manifest: Manifest, progress: FileProgress): Promise<void> {
  await requireEmptyStores(stores);
  const namesOf = (migrations: readonly RecordedMigration[]): ReadonlySet<string> => new Set(migrations.map(({ name }) => name));
  await migratePostgres(stores.databaseUrl, { only: namesOf(manifest.postgres.migrations) });
  await migrateClickHouse(stores, { only: namesOf(manifest.clickhouse.migrations) });
  progress.begin(archiveFiles(manifest).length);
  const clickhouse = createArchiveClient(stores.clickhouseUrl);
  try {
    await restoreTelemetry(clickhouse, folder, manifest.clickhouse, progress.done);
  } finally {
    await clickhouse.close();
  }
  await restoreState(stores.databaseUrl, folder, manifest.postgres, progress.done);
  if (stores.modelFolder !== undefined) await restoreModels(stores.modelFolder, folder, manifest.models, progress.done);
  await migratePostgres(stores.databaseUrl);
  await migrateClickHouse(stores);
}
