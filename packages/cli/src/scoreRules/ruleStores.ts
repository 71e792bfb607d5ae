import { createClickHouse, createScoreLedger } from "@signalbox/db/clickhouse";
import { createPrisma } from "@signalbox/db/prisma";
import type { Config } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

/** Opens both stores of a Signalbox for queries about its rules. */
export function openRuleStores(config: Config) {
  const { DATABASE_URL, CLICKHOUSE_URL } = runningStores(config, "DATABASE_URL");
  const clickhouse = createClickHouse(CLICKHOUSE_URL);
  const prisma = createPrisma(DATABASE_URL, { connectionsMax: 1 });
  return {
    ...{ prisma, ledger: createScoreLedger(clickhouse) },
    async [Symbol.asyncDispose]() {
      await Promise.all([prisma.$disconnect(), clickhouse.close()]);
    },
  };
}

/** The open stores. */
export type RuleStores = ReturnType<typeof openRuleStores>;
