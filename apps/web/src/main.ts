import { createContext } from "@signalbox/api";
import { runApp } from "@signalbox/listener";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { openConsole } from "./server/openConsole.ts";

await runApp(async () => {
  const config = loadConfig(process.env);
  const log = pino({ name: "web", level: config.logLevel }, pino.destination(2));
  const { inventory, ...context } = createContext(config);
  const isReady = () =>
    inventory.ping().then(
      () => true,
      () => false,
    );
  const console = await openConsole({ port: config.port, log, isReady });
  log.info({ url: console.url }, "console is listening");

  return async () => {
    await console.close();
    await context[Symbol.asyncDispose]();
  };
});
