import { AppError, issuesText, portsAt } from "@signalbox/model";
import { z } from "zod";

const Env = z.object({ SIGNALBOX_DATA_DIR: z.string().min(1), SIGNALBOX_PORT_OFFSET: z.coerce.number().int().min(0).default(0) });

/** The one reader of the environment: the data folder, and the port on loopback. */
export function loadConfig(env: NodeJS.ProcessEnv): { dataDir: string; port: number } {
  const parsed = Env.safeParse(env);
  if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
  return { dataDir: parsed.data.SIGNALBOX_DATA_DIR, port: portsAt(parsed.data.SIGNALBOX_PORT_OFFSET).clickhouse };
}
