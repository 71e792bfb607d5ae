import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { startConsole } from "./consoleProcess.ts";

/** The built console on real stores that are empty; `clickhouse` and `state` fill them. Leaving its scope ends all of it. */
export type TestConsole = AsyncDisposable & {
  url: string;
  clickhouse: ReturnType<typeof createClickHouse>;
  clickhouseUrl: string;
  databaseUrl: string;
  portOffset: number;
  state: ReturnType<typeof createPrisma>;
};

/** Starts stores and console on free ports; `otlpUrl` is where the console looks for a collector. Takes seconds: one for a test file. */
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
