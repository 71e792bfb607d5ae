import { AppError } from "@signalbox/model";
import type { Config, StoreVariable } from "../config.ts";
import { runningStack } from "./stack.ts";
import { readRunState } from "./stateFile.ts";
import { type StoreUrls, storeUrls } from "./stores/stores.ts";

const STORE_NAMES = { DATABASE_URL: "PostgreSQL", CLICKHOUSE_URL: "ClickHouse", REDIS_URL: "Redis" } as const satisfies Record<
  StoreVariable,
  string
>;

/**
 * The stores of a Signalbox, of which `needed` must be available: by its
 * variable, else as it runs on the data folder. Throws if there is neither.
 */
export function runningStores(config: Config, needed: StoreVariable): StoreUrls {
  const { dataDir, stores } = config;
  if (stores[needed] !== undefined) return storeUrls(config);
  const running = runningStack(dataDir) === undefined ? undefined : readRunState(dataDir);
  if (running !== undefined) return storeUrls({ ...config, portOffset: running.portOffset });
  throw new AppError("upstream_unavailable", `No Signalbox is running on the data folder ${dataDir}.`, {
    hint: `Start one with ./signalbox up, or set ${needed} to the ${STORE_NAMES[needed]} of one that runs elsewhere.`,
  });
}
