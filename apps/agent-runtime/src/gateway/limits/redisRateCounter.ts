import { countedOf, RATE_POINTS_MAX, RATE_WINDOW_S, type RateCounter } from "@signalbox/db/prisma";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { RateLimiterRedis } from "rate-limiter-flexible";

const ANSWER_MS_MAX = 1_000;

/** A rate counter in Redis. */
export function openRedisRateCounter(redisUrl: string, log: Logger): RateCounter {
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: ANSWER_MS_MAX });
  redis.on("error", (error) => log.debug({ err: error }, "the rates' connection has a problem"));
  const limiter = new RateLimiterRedis({
    ...{ storeClient: redis, keyPrefix: "signalbox:rate", points: RATE_POINTS_MAX, duration: RATE_WINDOW_S },
  });
  return {
    add: async (name, uses) => countedOf(await limiter.consume(name, uses)),
    close: async () => redis.disconnect(),
  };
}
