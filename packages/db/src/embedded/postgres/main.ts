import { join } from "node:path";
import { AppError, DataDir, endWithParent, FAILURES, PortOffset, portsAt, readEnvironment } from "@signalbox/model";
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
 * The time that clients have to notice that their connections close before the
 * server stops regardless; it then recovers from its log at the next start.
 */
const STOP_GRACE_MS = 3_000;

const Env = z.object({ SIGNALBOX_DATA_DIR: DataDir, SIGNALBOX_PORT_OFFSET: PortOffset });

/**
 * The keeper of the embedded PostgreSQL: creates the cluster, runs its server,
 * and ends with it. The keeper's parent restarts it when the server dies.
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
  // Passes the kill on, so that the parent sees it: a killed part can always be restarted.
  if (wasKilled && !isStopping) process.kill(process.pid, "SIGKILL");
  if (!isStopping) throw new AppError("infrastructure", sentence);
}

try {
  const { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: portOffset } = readEnvironment(Env, process.env, "the state store");
  await keep(dataDir, portOffset).catch((error: unknown) => {
    throw asDataFolderFailure(error, dataDir);
  });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(" ")}\n`);
  process.exit(FAILURES[error.code].exitCode);
}
