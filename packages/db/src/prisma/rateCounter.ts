import pg from "pg";
import { RateLimiterPostgres, type RateLimiterRes } from "rate-limiter-flexible";

/** The count in the current window, and the milliseconds until that ends. */
export type Counted = { used: number; endsInMs: number };

/** Counts in windows of a minute that begin with the first use of a name, shared by everybody who counts in the same store. */
export interface RateCounter {
  /** Adds `uses`. Throws when the store does not answer. */
  add(name: string, uses: number): Promise<Counted>;
  close(): Promise<void>;
}

/** The length of a window, in seconds. */
export const RATE_WINDOW_S = 60;

/** Unlimited: the caller, who knows the limit, compares. */
export const RATE_POINTS_MAX = 2 ** 31 - 1;

/** Converts an answer of rate-limiter-flexible. */
export function countedOf({ consumedPoints, msBeforeNext }: RateLimiterRes): Counted {
  return { used: consumedPoints, endsInMs: msBeforeNext };
}

const ANSWER_MS_MAX = 1_000;

/** Counts in PostgreSQL. */
export function openRateCounter(databaseUrl: string): RateCounter {
  const timeouts = { connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX };
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, ...timeouts });
  // A connection lost while idle is replaced; without a listener the event would end the process.
  pool.on("error", () => {});
  const limiter = new RateLimiterPostgres({
    ...{ storeClient: pool, storeType: "pool", schemaName: "signalbox_gateway", tableName: "rate_limit", tableCreated: true },
    ...{ keyPrefix: "", points: RATE_POINTS_MAX, duration: RATE_WINDOW_S },
  });
  return {
    add: async (name, uses) => countedOf(await limiter.consume(name, uses)),
    close: () => pool.end(),
  };
}
