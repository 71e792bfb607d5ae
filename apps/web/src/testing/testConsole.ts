import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { startConsole } from "./consoleProcess.ts";

/** The built console on real, empty stores; `clickhouse` and `state` fill them. Disposing it ends all of it. */
export type TestConsole = AsyncDisposable & {
  url: string;
  clickhouse: ReturnType<typeof createClickHouse>;
  clickhouseUrl: string;
  databaseUrl: string;
  portOffset: number;
  state: ReturnType<typeof createPrisma>;
};

/**
 * Starts stores and console on free ports; `otlpUrl` is the collector that the console knows. It takes seconds, so start one per test file.
 */
export async function startTestConsole({ otlpUrl }: { otlpUrl?: string } = {}): Promise<TestConsole> {
  const stores = await startTestStores();
  const console = await startConsole({ ...stores, otlpUrl });
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const state = createPrisma(stores.databaseUrl, { connectionsMax: 2 });
  return {
    url: console.url,
    clickhouse,
    clickhouseUrl: stores.clickhouseUrl,
    databaseUrl: stores.databaseUrl,
    portOffset: stores.portOffset,
    state,
    async [Symbol.asyncDispose]() {
      await console[Symbol.asyncDispose]();
      await clickhouse.close();
      await state.$disconnect();
      await stores[Symbol.asyncDispose]();
    },
  };
}
