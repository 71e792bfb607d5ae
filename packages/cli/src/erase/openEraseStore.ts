import { createClickHouse, createEraseStore, type EraseStore } from "@signalbox/db/clickhouse";
import type { Config } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/** An erasure rewrites parts, which takes long in a large store. */
const REQUEST_TIMEOUT_MS = 3_600_000;

/** Opens the telemetry store of a Signalbox for erasures. */
export function openEraseStore(config: Config): EraseStore & AsyncDisposable {
  const { CLICKHOUSE_URL } = runningStores(config, "CLICKHOUSE_URL");
  const clickhouse = createClickHouse(CLICKHOUSE_URL, { requestTimeoutMs: REQUEST_TIMEOUT_MS });
  return { ...createEraseStore(clickhouse), [Symbol.asyncDispose]: () => clickhouse.close() };
}
