import { migrateClickHouse } from "@signalbox/db/clickhouse";
import { migratePostgres } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import type { Config, StoreVariable } from "../config.ts";
import type { Step } from "./part.ts";
import { type PartName, SCHEMAS } from "./parts.ts";
import { storeUnusable } from "./storeCheck.ts";
import type { StoreUrls } from "./stores.ts";

/** Does `work` on a store; what an external one refuses is told as a failure of the variable that names it. */
async function onStore(config: Config, variable: StoreVariable, work: () => Promise<unknown>): Promise<void> {
  const url = config.stores[variable];
  try {
    await work();
  } catch (cause) {
    throw url === undefined || cause instanceof AppError ? cause : storeUnusable(variable, url, cause);
  }
}

/** Brings both stores up to date. ClickHouse comes second: its migrations run under a lock that PostgreSQL keeps. */
export function schemaSteps(config: Config, stores: StoreUrls): Step[] {
  const own = (part: PartName, variable: StoreVariable): PartName[] => (config.stores[variable] === undefined ? [part] : []);
  return [
    {
      kind: "step",
      name: SCHEMAS.postgres,
      needs: own("postgres", "DATABASE_URL"),
      run: () => onStore(config, "DATABASE_URL", () => migratePostgres(stores.DATABASE_URL)),
    },
    {
      kind: "step",
      name: SCHEMAS.clickhouse,
      needs: [SCHEMAS.postgres, ...own("clickhouse", "CLICKHOUSE_URL")],
      run: () =>
        onStore(config, "CLICKHOUSE_URL", () =>
          migrateClickHouse({ clickhouseUrl: stores.CLICKHOUSE_URL, databaseUrl: stores.DATABASE_URL }),
        ),
    },
  ];
}
