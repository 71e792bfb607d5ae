import { createClickHouse, createRunPartStore, createWorkspaceStore, insertTelemetry } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import type { Insert } from "../write/index.ts";

/** Real stores for one test file: how to insert into the telemetry store, how to look, and where the state store is. */
export async function startTestStore() {
  const stores = await startTestStores();
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const insert: Insert = (rows) => insertTelemetry(clickhouse, rows);
  async function rows<T = Record<string, unknown>>(sql: string): Promise<T[]> {
    const result = await clickhouse.query({ query: sql, format: "JSONEachRow" });
    return result.json<T>();
  }
  return {
    url: stores.clickhouseUrl,
    databaseUrl: stores.databaseUrl,
    dataDir: stores.dataDir,
    insert,
    langsmith: { runParts: createRunPartStore(clickhouse), workspace: createWorkspaceStore(clickhouse) },
    rows,
    async command(sql: string): Promise<void> {
      await clickhouse.command({ query: sql });
    },
    /** The one number that `sql` answers. */
    async number(sql: string): Promise<number> {
      const [row] = await rows(sql);
      return Number(Object.values(row ?? {})[0]);
    },
    async [Symbol.asyncDispose]() {
      await clickhouse.close();
      await stores[Symbol.asyncDispose]();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof startTestStore>>;
