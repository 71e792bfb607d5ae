import { migrateClickHouse } from "@signalbox/db/clickhouse";
import { leaveTextsToEngine } from "@signalbox/db/embedded";
import { migratePostgres } from "@signalbox/db/prisma";
import type { Config, StoreVariable } from "../../config.ts";
import type { Step } from "../parts/part.ts";
import { type PartName, SCHEMAS } from "../parts/parts.ts";
import { onStore } from "./onStore.ts";
import type { StoreUrls } from "./stores.ts";

/** The steps that migrate the stores, except those left out. ClickHouse comes second: its migrations run under a lock in PostgreSQL. */
export function schemaSteps(config: Config, stores: StoreUrls, without: readonly PartName[] = []): Step[] {
  const own = (part: PartName, variable: StoreVariable): PartName[] => (config.stores[variable] === undefined ? [part] : []);
  const steps: (Step & { of: PartName })[] = [
    {
      of: "postgres",
      kind: "step",
      name: SCHEMAS.postgres,
      needs: own("postgres", "DATABASE_URL"),
      run: () => onStore(config, "DATABASE_URL", () => migratePostgres(stores.DATABASE_URL)),
    },
    {
      of: "clickhouse",
      kind: "step",
      name: SCHEMAS.clickhouse,
      needs: [SCHEMAS.postgres, ...own("clickhouse", "CLICKHOUSE_URL")],
      run: () =>
        onStore(config, "CLICKHOUSE_URL", async () => {
          const urls = { clickhouseUrl: stores.CLICKHOUSE_URL, databaseUrl: stores.DATABASE_URL };
          await migrateClickHouse(urls, { cluster: config.clickhouseCluster });
          if (config.stores.CLICKHOUSE_URL === undefined) await leaveTextsToEngine(stores.CLICKHOUSE_URL);
        }),
    },
  ];
  return steps.flatMap(({ of, ...step }) => (without.includes(of) ? [] : [step]));
}
