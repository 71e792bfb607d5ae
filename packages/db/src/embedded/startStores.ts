import { clickhouseEntry, embeddedClickHouseUrl, isClickHouseReady } from "./clickhouse/index.ts";
import { embeddedDatabaseUrl, isPostgresReady, postgresEntry } from "./postgres/index.ts";
import { freePortOffset, type StoreProcess, startStore } from "./storeProcess.ts";

/** One of the two stores. */
export type StoreName = "postgres" | "clickhouse";

/** The embedded stores over a data folder, each in a process of its own. Disposing ends them. */
export interface RunningStores extends AsyncDisposable {
  portOffset: number;
  databaseUrl: string;
  clickhouseUrl: string;
}

/** Starts both stores, or one of them, on free ports, and waits until they answer. */
export async function startStores(dataDir: string, only?: StoreName): Promise<RunningStores> {
  const portOffset = await freePortOffset();
  const env = { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) };
  const databaseUrl = embeddedDatabaseUrl(dataDir, portOffset);
  const clickhouseUrl = embeddedClickHouseUrl(dataDir, portOffset);
  const starting: Promise<StoreProcess>[] = [];
  if (only !== "clickhouse") starting.push(startStore(postgresEntry, env, () => isPostgresReady(databaseUrl)));
  if (only !== "postgres") starting.push(startStore(clickhouseEntry, env, () => isClickHouseReady(clickhouseUrl)));
  const stores = await Promise.all(starting);
  return {
    portOffset,
    databaseUrl,
    clickhouseUrl,
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    },
  };
}
