import { pino } from "pino";
import { Registry } from "prom-client";
import { loadConfig } from "../../config.ts";
import { openMeans, runnerOf } from "../../means.ts";
import { serveWard } from "./serveWard.ts";

/** Few connections are enough for one task at a time. */
const DATABASE_CONNECTIONS_MAX = 4;

const config = loadConfig(process.env);
const log = pino({ name: "agent-ward", level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
serveWard(async () => {
  const means = await openMeans(config, log, new Registry(), DATABASE_CONNECTIONS_MAX);
  return { runner: runnerOf(config, means, log), leave: means.leave, close: async () => means[Symbol.asyncDispose]() };
});
