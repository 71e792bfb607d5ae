import { createClickHouse, createFeedbackStore, createRunPartStore, insertTelemetry } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { createRunReader, createWorkspaceStore } from "@signalbox/db/langsmith";
import { createPrisma } from "@signalbox/db/prisma";
import { memoryWorkspace } from "@signalbox/db/testing";
import type { Insert } from "../write/index.ts";

/** A real telemetry store for one test file, with ways to insert and query. With `withState` it includes the state store. */
export async function startTestStore({ withState = false }: { withState?: boolean } = {}) {
  const stores = await startTestStores(withState ? {} : { only: "clickhouse" });
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const prisma = withState ? createPrisma(stores.databaseUrl) : null;
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
    langsmith: {
      runParts: createRunPartStore(clickhouse),
      runs: createRunReader(clickhouse),
      feedback: createFeedbackStore(clickhouse),
      workspace: prisma === null ? memoryWorkspace() : createWorkspaceStore(prisma, Date.now),
    },
    clickhouse,
    rows,
    async command(sql: string): Promise<void> {
      await clickhouse.command({ query: sql });
    },
    /** The single number that `sql` returns. */
    async number(sql: string): Promise<number> {
      const [row] = await rows(sql);
      return Number(Object.values(row ?? {})[0]);
    },
    async [Symbol.asyncDispose]() {
      await clickhouse.close();
      await prisma?.$disconnect();
      await stores[Symbol.asyncDispose]();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof startTestStore>>;
