import { runApp } from "@signalbox/listener";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startRuntime } from "./runtime.ts";
import { openWard } from "./worker/ward/ward.ts";

/** Suspects that wait for the ward may take one in this many of a worker's slots; the others stay free for ordinary tasks. */
const SLOTS_PER_SUSPECT = 4;

await runApp(async () => {
  const config = loadConfig(process.env);
  const log = pino({ name: "agent-runtime", level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const runtime = await startRuntime(config, log, () => openWard(log, Math.ceil(config.worker.tasksMax / SLOTS_PER_SUSPECT)));
  log.info({ parts: [...config.parts], ports: config.ports }, "the agent runtime works");
  return runtime.close;
});
