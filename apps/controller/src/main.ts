import { Balancer } from "@signalbox/balancer";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { createPrisma } from "@signalbox/db/prisma";
import { askByEnvironment } from "@signalbox/evals";
import { remoteService, runApp, TOOLS_CONTRACT } from "@signalbox/listener";
import { checkpointHeadFile } from "@signalbox/model";
import { pino } from "pino";
import { checkpointKey, oldCheckpointKeys } from "./checkpoints/checkpointKey.ts";
import { loadConfig } from "./config.ts";
import { openController } from "./controller.ts";

await runApp(async () => {
  const config = loadConfig(process.env);
  const log = pino({ name: "controller", level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const prisma = createPrisma(config.databaseUrl);
  const clickhouse = createClickHouse(config.clickhouseUrl);
  const tools = await Balancer.open({ service: "tools", sources: config.tools, log });
  const { keyFile, oldKeysFile, ...checkpoints } = config.checkpoints;
  const controller = await openController({
    prisma,
    clickhouse,
    tools: remoteService((call) => tools.send(call), TOOLS_CONTRACT),
    otlpUrl: config.otlpUrl,
    findAsk: askByEnvironment(process.env),
    clock: Date.now,
    log,
    port: config.port,
    originPorts: [config.consolePort],
    evaluationsPauseMs: config.evaluationsPauseMs,
    rollupsPauseMs: config.rollupsPauseMs,
    gates: config.gates,
    github: config.github,
    rolloutsPauseMs: config.rolloutsPauseMs,
    checkpoints: {
      ...checkpoints,
      signer:
        keyFile === null
          ? null
          : {
              key: checkpointKey(keyFile),
              predecessors: oldKeysFile === null ? [] : oldCheckpointKeys(oldKeysFile),
              headFile: checkpointHeadFile(keyFile.path),
            },
    },
  });
  log.info({ port: controller.port }, "the controller listens");
  return async () => {
    await controller.close();
    await Promise.all([prisma.$disconnect(), clickhouse.close(), tools.close()]);
  };
});
