import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { portsAt } from "@signalbox/model";
import { migrateClickHouse } from "../clickhouse/migrate.ts";
import { migratePostgres } from "../prisma/migrate.ts";
import { clickhouseEntry, embeddedClickHouseUrl, isClickHouseReady } from "./clickhouse/index.ts";
import { embeddedDatabaseUrl, isPostgresReady, postgresEntry } from "./postgres/index.ts";

/** Real stores for one test file, migrated and empty; leaving their scope ends them and removes their folder. */
export interface TestStores extends AsyncDisposable {
  dataDir: string;
  portOffset: number;
  databaseUrl: string;
  clickhouseUrl: string;
}

/** How long a store may take to come up on a busy machine. */
const START_DEADLINE_MS = 60_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A port offset at which every port of ours is free right now; another process may still take one. */
export async function freePortOffset(): Promise<number> {
  for (;;) {
    const offset = 1_000 + Math.floor(Math.random() * 9_000);
    const free = await Promise.all(Object.values(portsAt(offset)).map(isFree));
    if (free.every(Boolean)) return offset;
  }
}

/** Forks a store's process and waits until `isReady`. Its output is shown only when it dies before that. */
async function startStore(entry: string, env: NodeJS.ProcessEnv, isReady: () => Promise<boolean>): Promise<ChildProcess> {
  const child = fork(entry, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe", "ipc"], detached: true });
  let words = "";
  child.stderr?.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${entry} did not start: ${words}`);
    await delay(20);
  }
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** Starts the embedded stores in a temporary data folder on free ports. Needs some seconds; share it within a test file. */
export async function startTestStores(): Promise<TestStores> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-stores-"));
  const portOffset = await freePortOffset();
  const env = { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) };
  const databaseUrl = embeddedDatabaseUrl(dataDir, portOffset);
  const clickhouseUrl = embeddedClickHouseUrl(dataDir, portOffset);
  const children = await Promise.all([
    startStore(postgresEntry, env, () => isPostgresReady(databaseUrl)),
    startStore(clickhouseEntry, env, () => isClickHouseReady(clickhouseUrl)),
  ]);
  await migratePostgres(databaseUrl);
  await migrateClickHouse({ clickhouseUrl, databaseUrl });
  return {
    dataDir,
    portOffset,
    databaseUrl,
    clickhouseUrl,
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(end));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
