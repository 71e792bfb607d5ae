import { once } from "node:events";
import { connect } from "node:net";
import { AppError } from "@signalbox/model";
import { Redis } from "ioredis";
import { redactUrl } from "../../commandLine/redactUrl.ts";
import type { Config, StoreVariable } from "../../config.ts";

/** The time limit of an external store's answer. */
const ANSWER_MS_MAX = 5_000;

const DEFAULT_PORTS: Record<string, number> = {
  "postgresql:": 5432,
  "postgres:": 5432,
  "http:": 8123,
  "https:": 8443,
  "redis:": 6379,
  "rediss:": 6379,
};

/**
 * The error for a start that cannot use an external store. It names the
 * variable; the password stays hidden, even where the store repeats it.
 */
export function storeUnusable(variable: StoreVariable, url: string, cause: unknown): AppError {
  const { password } = new URL(url);
  const told = cause instanceof Error && cause.message !== "" ? cause.message : "no answer";
  const why = password === "" ? told : told.replaceAll(password, "***").replaceAll(decodeURIComponent(password), "***");
  return new AppError("infrastructure", `${variable} (${redactUrl(url)}) cannot be used: ${why.replace(/[\s.]*$/, ".")}`, {
    cause,
    hint: `Is the server running, and the URL right? Without ${variable} the embedded store is used.`,
  });
}

async function connectTo(url: URL): Promise<void> {
  const port = Number(url.port || DEFAULT_PORTS[url.protocol]);
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch (error) {
    throw error instanceof Error && error.name === "AbortError" ? new Error(`no answer within ${ANSWER_MS_MAX / 1000} s`) : error;
  } finally {
    socket.destroy();
  }
}

async function pingRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: ANSWER_MS_MAX, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let refusal: Error | undefined;
  redis.on("error", (error) => {
    refusal = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw refusal ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Throws unless every external store answers. Whether its user and database are right shows when its schema is migrated. */
export async function requireStores({ DATABASE_URL, CLICKHOUSE_URL, REDIS_URL }: Config["stores"]): Promise<void> {
  const checks: [StoreVariable, string | undefined, (url: string) => Promise<void>][] = [
    ["DATABASE_URL", DATABASE_URL, (url) => connectTo(new URL(url))],
    ["CLICKHOUSE_URL", CLICKHOUSE_URL, (url) => connectTo(new URL(url))],
    ["REDIS_URL", REDIS_URL, pingRedis],
  ];
  await Promise.all(
    checks.map(async ([variable, url, check]) => {
      if (url === undefined) return;
      await check(url).catch((cause: unknown) => {
        throw storeUnusable(variable, url, cause);
      });
    }),
  );
}
