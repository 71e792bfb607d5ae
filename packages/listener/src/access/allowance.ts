import { type TokenBucket, takeToken } from "./tokenBucket.ts";

/** The result of a request to an allowance: a refused one may come back in `retryAfterMs` milliseconds. */
export type Allowed = { kind: "taken" } | { kind: "refused"; retryAfterMs: number };

/** Takes one request from the allowance of `name`, which is `perMinuteMax` per minute. */
export type Allowance = (name: string, perMinuteMax: number) => Promise<Allowed>;

/** Allowances counted within this process. `clock` is milliseconds since 1970. */
export function localAllowance(clock: () => number): Allowance {
  const buckets = new Map<string, TokenBucket>();
  return async (name, perMinuteMax) => {
    const taken = takeToken(buckets.get(name), perMinuteMax, clock());
    buckets.set(name, taken.bucket);
    return taken;
  };
}
