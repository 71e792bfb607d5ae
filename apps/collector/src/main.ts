import { createClickHouse, createWorkspaceStore } from "@signalbox/db/clickhouse";
import { createPrisma, listIntakeRules, listWorkingKeys, touchApiKeys } from "@signalbox/db/prisma";
import { runApp } from "@signalbox/listener";
import { startCollector } from "./collector.ts";
import { collectorLog } from "./collectorLog.ts";
import { loadConfig } from "./config.ts";
import { shiftedClock } from "./shiftedClock.ts";
import { WriterThread } from "./write/index.ts";

/** How long the end of the process may take, in milliseconds. What is not in the store by then is in the journal. */
const END_GRACE_MS = 3_000;

/** The state store is taken for away when it answers no sooner, in milliseconds; a sender with a key that is not known yet waits for it. */
const KEYS_ANSWER_MS_MAX = 3_000;

await runApp(async () => {
  const { logLevel, clickhouseUrl, handoverFolder, databaseUrl, clockShiftFile, ...config } = loadConfig(process.env);
  const log = collectorLog(logLevel);
  const clickhouse = createClickHouse(clickhouseUrl);
  const prisma = databaseUrl === undefined ? null : createPrisma(databaseUrl, { connectionsMax: 1, answerMsMax: KEYS_ANSWER_MS_MAX });
  const collector = await startCollector({
    config,
    startWriter: (parts) =>
      new WriterThread({ ...parts, clickhouseUrl, handoverFolder, logLevel, folder: config.journal.folder, batch: config.batch }),
    workspace: createWorkspaceStore(clickhouse),
    keySource:
      prisma === null
        ? undefined
        : {
            listWorkingKeys: () => listWorkingKeys(prisma),
            touchApiKeys: (ids, usedAt) => touchApiKeys(prisma, ids, usedAt),
          },
    ruleSource: prisma === null ? undefined : { listIntakeRules: () => listIntakeRules(prisma) },
    log,
    clock: clockShiftFile === undefined ? Date.now : shiftedClock(clockShiftFile),
  });
  log.info({ port: collector.port, grpcPort: collector.grpcPort, tlsPort: collector.tlsPort }, "the collector listens");
  return async () => {
    await collector.end(END_GRACE_MS);
    await clickhouse.close();
    await prisma?.$disconnect();
  };
});
