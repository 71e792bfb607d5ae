import { TELEMETRY_STORE } from "@signalbox/api/client";
import { LogLevel, PortOffset, portsAt, readEnvironment } from "@signalbox/model";
import { z } from "zod";

const Env = z.object({
  CLICKHOUSE_URL: z.url(),
  DATABASE_URL: z.url(),
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_OTLP_URL: z.url().optional(),
  SIGNALBOX_GATEWAY_URL: z.url().optional(),
  SIGNALBOX_CONTROLLER_URL: z.url().optional(),
  SIGNALBOX_WORKER_URL: z.url().optional(),
  SIGNALBOX_LOG_LEVEL: LogLevel,
});

/** The one reader of the environment. Other parts are expected at their default places on this machine, unless settings say otherwise. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const given = readEnvironment(Env, env, "the console");
  const ports = portsAt(given.SIGNALBOX_PORT_OFFSET);
  const onThisMachine = (port: number): string => `http://127.0.0.1:${port}`;
  const otlpUrl = given.SIGNALBOX_OTLP_URL ?? onThisMachine(ports.otlpHttp);
  const gatewayUrl = given.SIGNALBOX_GATEWAY_URL ?? onThisMachine(ports.gateway);
  const controllerUrl = given.SIGNALBOX_CONTROLLER_URL ?? onThisMachine(ports.controller);
  const ready = (name: string, url: string, path = "/readyz") => ({ name, readyUrl: new URL(path, withoutCredentials(url)).href });
  return {
    port: ports.console,
    clickhouseUrl: given.CLICKHOUSE_URL,
    databaseUrl: given.DATABASE_URL,
    otlpUrl,
    parts: [
      ready("collector", otlpUrl),
      ready(TELEMETRY_STORE, given.CLICKHOUSE_URL, "/ping"),
      { name: "state store", readyUrl: given.DATABASE_URL },
      ready("gateway", gatewayUrl),
      ready("worker", given.SIGNALBOX_WORKER_URL ?? onThisMachine(ports.gateway + 1)),
      ready("controller", controllerUrl),
      ready("console", onThisMachine(ports.console)),
    ],
    logLevel: given.SIGNALBOX_LOG_LEVEL,
  };
}

/** A URL without credentials: it may be shown, and `fetch` accepts it. */
function withoutCredentials(url: string): URL {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown;
}
