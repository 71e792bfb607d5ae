import { join } from "node:path";
import { AppError, endWithParent, FAILURES, portsAt } from "@signalbox/model";
import { z } from "zod";
import { loadCredentials } from "../credentials.ts";
import { asDataFolderFailure } from "../dataFolderFailure.ts";
import { makeFolder } from "../makeFolder.ts";
import { requireWritable } from "../requireWritable.ts";
import { initialiseCluster, type RunningServer, startServer } from "./cluster.ts";
import { POSTGRES_USER } from "./connection.ts";
import { stopOrphan } from "./orphan.ts";
import { requireFreePort } from "./requireFreePort.ts";

/**
 * How long clients have to see their connections closed before the server ends without them; it recovers from its log at the next start.
 */
const STOP_GRACE_MS = 3_000;

const Env = z.object({ SIGNALBOX_DATA_DIR: z.string().min(1), SIGNALBOX_PORT_OFFSET: z.coerce.number().int().min(0).default(0) });

/**
 * The keeper of the embedded PostgreSQL: makes the cluster, runs its server,
 * ends with it. Whoever started the keeper starts it again when the server dies.
 */
async function keep(dataDir: string, portOffset: number): Promise<void> {
  makeFolder(dataDir);
  requireWritable(dataDir);
  const options = {
    folder: join(dataDir, "postgres"),
    user: POSTGRES_USER,
    password: loadCredentials(dataDir).postgres,
    port: portsAt(portOffset).postgres,
  };
  let server: RunningServer | undefined;
  let isStopping = false;
  endWithParent(async () => {
    isStopping = true;
    await (server === undefined ? stopOrphan(options.folder) : server.stop(STOP_GRACE_MS));
  });
  await stopOrphan(options.folder);
  await requireFreePort(options.port);
  await initialiseCluster(options);
  if (isStopping) return;
  server = startServer(options);
  const { wasKilled, sentence } = await server.ended;
  // Whoever started the keeper is to see what happened: a part that was killed can be started again, whatever it was at.
  if (wasKilled && !isStopping) process.kill(process.pid, "SIGKILL");
  if (!isStopping) throw new AppError("infrastructure", sentence);
}

const { SIGNALBOX_DATA_DIR, SIGNALBOX_PORT_OFFSET } = Env.parse(process.env);
try {
  await keep(SIGNALBOX_DATA_DIR, SIGNALBOX_PORT_OFFSET);
} catch (error) {
  const failure = asDataFolderFailure(error, SIGNALBOX_DATA_DIR);
  if (!(failure instanceof AppError)) throw failure;
  process.stderr.write(`${[failure.message, failure.hint].filter(Boolean).join(" ")}\n`);
  process.exit(FAILURES[failure.code].exitCode);
}
