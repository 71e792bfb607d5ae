import { runApp } from "@signalbox/listener";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startRuntime } from "./runtime.ts";

await runApp(async () => {
  const config = loadConfig(process.env);
  const log = pino({ name: "agent-runtime", level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const runtime = await startRuntime(config, log);
  log.info({ parts: [...config.parts], ports: config.ports }, "the agent runtime works");
  return runtime.close;
});
