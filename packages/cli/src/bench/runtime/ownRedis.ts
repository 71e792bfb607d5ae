import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@signalbox/db/embedded";
import { AppError } from "@signalbox/model";
import { Redis } from "ioredis";

const START_MS_MAX = 10_000;

/** The durability of our own Redis: an append-only file, synced to disk once a second. */
export const REDIS_DURABILITY = "appendonly yes, appendfsync everysec";

/** Whether a Redis is installed. */
export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"]).status === 0;
}

/** A Redis of our own; `answers` tells whether it answers right now. */
export type OwnRedis = AsyncDisposable & { url: string; pid: () => number | undefined; answers: () => Promise<boolean> };

/** Starts a Redis of our own in a folder, on loopback, and restarts it if it is killed. Disposing it ends it. */
export async function openOwnRedis(dataDir: string): Promise<OwnRedis> {
  if (!hasRedis()) throw noRedis();
  const dir = join(dataDir, "redis");
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    dir,
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "everysec",
  ];
  let isWanted = true;
  const start = (): ChildProcess =>
    spawn("redis-server", args, { stdio: "ignore" }).once("exit", () => {
      if (isWanted) server = start();
    });
  let server = start();
  process.on("exit", () => server.kill("SIGKILL"));
  const client = new Redis(port, "127.0.0.1", { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  await Promise.race([client.ping(), sleep(START_MS_MAX, undefined, { ref: false }).then(() => Promise.reject(noRedis()))]);
  client.disconnect();
  /** A client of its own for each question: one that is kept would wait for the server. */
  const answers = async (): Promise<boolean> => {
    const asking = new Redis(port, "127.0.0.1", { retryStrategy: () => null, lazyConnect: true });
    asking.on("error", () => undefined);
    try {
      await asking.connect();
      return (await asking.ping()) === "PONG";
    } catch {
      return false;
    } finally {
      asking.disconnect();
    }
  };
  return {
    answers,
    pid: () => server.pid,
    url: `redis://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      isWanted = false;
      const gone = once(server, "exit");
      server.kill("SIGTERM");
      await gone;
    },
  };
}

/** The error of a run that needs a Redis where there is none. */
export function noRedis(): AppError {
  return new AppError("infrastructure", "There is no redis-server on the PATH, and REDIS_URL names none.", {
    hint: "Install Redis, or measure with --store postgres.",
  });
}
