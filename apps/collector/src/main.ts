import { createClickHouse, createRunPartStore, createWorkspaceStore, insertTelemetry } from "@signalbox/db/clickhouse";
import { runApp } from "@signalbox/listener";
import { endWithParent } from "@signalbox/model";
import { pino } from "pino";
import { startCollector } from "./collector.ts";
import { loadConfig } from "./config.ts";

/** How long the end of the process may take, in milliseconds. What is not in the store by then is in the journal. */
const END_GRACE_MS = 3_000;

await runApp(async () => {
  const { logLevel, clickhouseUrl, ...config } = loadConfig(process.env);
  const log = pino({ name: "collector", level: logLevel }, pino.destination({ dest: 2, sync: true }));
  const clickhouse = createClickHouse(clickhouseUrl);
  const collector = await startCollector({
    config,
    insert: (table, rows, token) => insertTelemetry(clickhouse, table, rows, token),
    runParts: createRunPartStore(clickhouse),
    workspace: createWorkspaceStore(clickhouse),
    log,
    clock: Date.now,
  });
  log.info({ port: collector.port }, "the collector listens");
  endWithParent(async () => {
    await collector.end(END_GRACE_MS);
    await clickhouse.close();
  });
});
