import { join } from "node:path";
import { AppError, endWithParent, portsAt } from "@signalbox/model";
import { z } from "zod";
import { loadCredentials } from "../credentials.ts";
import { initialiseCluster, type RunningServer, startServer, stopOrphan } from "./cluster.ts";
import { POSTGRES_USER } from "./connection.ts";

/** How long clients have to see their connections closed before the server ends without them; it recovers from its log at the next start. */
const STOP_GRACE_MS = 3_000;

const Env = z.object({ SIGNALBOX_DATA_DIR: z.string().min(1), SIGNALBOX_PORT_OFFSET: z.coerce.number().int().min(0).default(0) });

/** The keeper of the embedded PostgreSQL: makes the cluster, runs its server, ends with it. Whoever started the keeper starts it again when the server dies. */
async function keep(): Promise<void> {
  const env = Env.parse(process.env);
  const options = {
    folder: join(env.SIGNALBOX_DATA_DIR, "postgres"),
    user: POSTGRES_USER,
    password: loadCredentials(env.SIGNALBOX_DATA_DIR).postgres,
    port: portsAt(env.SIGNALBOX_PORT_OFFSET).postgres,
  };
  let server: RunningServer | undefined;
  let isStopping = false;
  endWithParent(async () => {
    isStopping = true;
    await (server === undefined ? stopOrphan(options.folder) : server.stop(STOP_GRACE_MS));
  });
  await initialiseCluster(options);
  await stopOrphan(options.folder);
  if (isStopping) return;
  server = startServer(options);
  const sentence = await server.ended;
  if (!isStopping) throw new AppError("infrastructure", sentence);
}

try {
  await keep();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(4);
}
