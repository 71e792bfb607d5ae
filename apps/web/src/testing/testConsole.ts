import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { startConsole } from "./consoleProcess.ts";

/** The built console on real stores that are empty; `clickhouse` fills them. Leaving its scope ends all of it. */
export type TestConsole = AsyncDisposable & { url: string; clickhouse: ReturnType<typeof createClickHouse>; clickhouseUrl: string };

/** Starts stores and console on free ports. Takes seconds: one for a test file. */
export async function startTestConsole(): Promise<TestConsole> {
  const stores = await startTestStores();
  const console = await startConsole(stores);
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  return {
    url: console.url,
    clickhouse,
    clickhouseUrl: stores.clickhouseUrl,
    async [Symbol.asyncDispose]() {
      await console[Symbol.asyncDispose]();
      await clickhouse.close();
      await stores[Symbol.asyncDispose]();
    },
  };
}
