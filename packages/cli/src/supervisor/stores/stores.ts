import { embeddedClickHouseUrl, embeddedDatabaseUrl } from "@signalbox/db/embedded";
import type { Config } from "../../config.ts";

/** The stores that the parts use, embedded or not, with their passwords: for environments of processes, never for print. */
export interface StoreUrls {
  DATABASE_URL: string;
  CLICKHOUSE_URL: string;
  REDIS_URL: string | undefined;
}

/** The URLs of a configuration's stores. Generates the passwords of embedded ones the first time. */
export function storeUrls({ dataDir, portOffset, stores }: Config): StoreUrls {
  return {
    DATABASE_URL: stores.DATABASE_URL ?? embeddedDatabaseUrl(dataDir, portOffset),
    CLICKHOUSE_URL: stores.CLICKHOUSE_URL ?? embeddedClickHouseUrl(dataDir, portOffset),
    REDIS_URL: stores.REDIS_URL,
  };
}
