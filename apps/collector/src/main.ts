import { createClickHouse, createFeedbackStore } from "@signalbox/db/clickhouse";
import { createRunReader, createWorkspaceStore } from "@signalbox/db/langsmith";
import { createPrisma, listIntakeRules, listKnownKeys, touchApiKeys } from "@signalbox/db/prisma";
import { runApp } from "@signalbox/listener";
import { startCollector } from "./collector.ts";
import { collectorLog } from "./collectorLog.ts";
import { loadConfig } from "./config.ts";
import { noWorkspace } from "./receive/langsmith/index.ts";
import { shiftedClock } from "./shiftedClock.ts";
import { WriterThread } from "./write/index.ts";

/** How long ending the process may take, in milliseconds. Records not in the store by then stay in the journal. */
const END_GRACE_MS = 3_000;

/** The longest wait for the state store before it counts as away, in milliseconds; senders with a key not yet known wait for it. */
const KEYS_ANSWER_MS_MAX = 3_000;

/** Time limit for writing a version of a dataset, in milliseconds. */
const DATASETS_ANSWER_MS_MAX = 30_000;

await runApp(async () => {
  const { logLevel, clickhouseUrl, handoverFolder, databaseUrl, clockShiftFile, ...config } = loadConfig(process.env);
  const log = collectorLog(logLevel);
  const clock = clockShiftFile === undefined ? Date.now : shiftedClock(clockShiftFile);
  const prisma = databaseUrl === undefined ? null : createPrisma(databaseUrl, { connectionsMax: 1, answerMsMax: KEYS_ANSWER_MS_MAX });
  // Connections separate from those for keys: a large dataset must not keep senders waiting.
  const datasets = databaseUrl === undefined ? null : createPrisma(databaseUrl, { connectionsMax: 2, answerMsMax: DATASETS_ANSWER_MS_MAX });
  const clickhouse = createClickHouse(clickhouseUrl);
  const collector = await startCollector({
    config,
    startWriter: (parts) =>
      new WriterThread({ ...parts, clickhouseUrl, handoverFolder, logLevel, folder: config.journal.folder, batch: config.batch }),
    workspace: datasets === null ? noWorkspace : createWorkspaceStore(datasets, clock),
    runs: createRunReader(clickhouse),
    feedback: createFeedbackStore(clickhouse),
    keySource:
      prisma === null
        ? undefined
        : {
            listKnownKeys: () => listKnownKeys(prisma),
            touchApiKeys: (ids, usedAt) => touchApiKeys(prisma, ids, usedAt),
          },
    ruleSource: prisma === null ? undefined : { listIntakeRules: () => listIntakeRules(prisma) },
    log,
    clock,
  });
  log.info({ port: collector.port, grpcPort: collector.grpcPort, tlsPort: collector.tlsPort }, "the collector listens");
  return async () => {
    await collector.end(END_GRACE_MS);
    await clickhouse.close();
    await datasets?.$disconnect();
    await prisma?.$disconnect();
  };
});
