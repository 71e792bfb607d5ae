import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { freePort } from "@signalbox/db/embedded";
import { Redis } from "ioredis";
import { until } from "./testRuntime.ts";

/**
 * Whether tests of Redis run: `REDIS_URL` names a server, or there is a redis-server on the PATH. With `SIGNALBOX_REDIS=required` they run
 * in any case, and fail without either.
 */
export const HAS_REDIS =
  process.env.SIGNALBOX_REDIS === "required" ||
  process.env.REDIS_URL !== undefined ||
  spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis for a test file; disposing it ends a server that was started for it. */
export async function openTestRedis(): Promise<AsyncDisposable & { url: string; kill: () => Promise<void> }> {
  const { REDIS_URL } = process.env;
  if (REDIS_URL !== undefined) return { url: REDIS_URL, kill: async () => {}, [Symbol.asyncDispose]: async () => {} };
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  const gone = once(server, "exit");
  const kill = async (): Promise<void> => {
    server.kill("SIGKILL");
    await gone;
  };
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url);
  client.on("error", () => {});
  await until("Redis", () => client.ping());
  client.disconnect();
  return { url, kill, [Symbol.asyncDispose]: kill };
}
