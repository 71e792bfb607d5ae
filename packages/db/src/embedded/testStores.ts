import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateClickHouse } from "../clickhouse/migrate.ts";
import { migratePostgres } from "../prisma/migrate.ts";
import { clickhouseEntry, embeddedClickHouseUrl, isClickHouseReady } from "./clickhouse/index.ts";
import { embeddedDatabaseUrl, isPostgresReady, postgresEntry } from "./postgres/index.ts";
import { freePortOffset, startStore } from "./storeProcess.ts";

/** Real stores for one test file, migrated and empty; leaving their scope ends them and removes their folder. */
export interface TestStores extends AsyncDisposable {
  dataDir: string;
  portOffset: number;
  databaseUrl: string;
  clickhouseUrl: string;
}

/** Starts the embedded stores in a temporary data folder on free ports; without a table where they are not to be migrated. Needs some seconds; share it within a test file. */
export async function startTestStores({ isMigrated = true }: { isMigrated?: boolean } = {}): Promise<TestStores> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-stores-"));
  const portOffset = await freePortOffset();
  const env = { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) };
  const databaseUrl = embeddedDatabaseUrl(dataDir, portOffset);
  const clickhouseUrl = embeddedClickHouseUrl(dataDir, portOffset);
  const stores = await Promise.all([
    startStore(postgresEntry, env, () => isPostgresReady(databaseUrl)),
    startStore(clickhouseEntry, env, () => isClickHouseReady(clickhouseUrl)),
  ]);
  if (isMigrated) {
    await migratePostgres(databaseUrl);
    await migrateClickHouse({ clickhouseUrl, databaseUrl });
  }
  return {
    dataDir,
    portOffset,
    databaseUrl,
    clickhouseUrl,
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
