import { DataDir, PortOffset, portsAt, readEnvironment } from "@signalbox/model";
import { z } from "zod";

const Env = z.object({ SIGNALBOX_DATA_DIR: DataDir, SIGNALBOX_PORT_OFFSET: PortOffset });

/** The only reader of the environment: the data folder, and the port on loopback. */
export function loadConfig(env: NodeJS.ProcessEnv): { dataDir: string; port: number } {
  const { SIGNALBOX_DATA_DIR, SIGNALBOX_PORT_OFFSET } = readEnvironment(Env, env, "the telemetry store");
  return { dataDir: SIGNALBOX_DATA_DIR, port: portsAt(SIGNALBOX_PORT_OFFSET).clickhouse };
}
