/** Delivery settings that every queue store keeps to; in milliseconds, except `drainDelay`, which is in seconds. */
type Delivery = {
  lockDuration: number;
  lockRenewTime: number;
  stalledInterval: number;
  maxStalledCount: number;
  runRetryDelay: number;
  drainDelay: number;
};

/**
 * How soon a store that was away is tried again, in milliseconds: for the next task, for tasks whose lock has expired, and by a connection
 * to Redis. BullMQ would wait up to 5 s, longer than everything else together.
 */
export const STORE_AWAY_RETRY_MS = 250;

/**
 * How long after a store's return the first look for tasks without a lock comes, in milliseconds. By then live workers have renewed the
 * locks that expired meanwhile, or handed their tasks back. In Redis an expired lock cannot be renewed, but Redis is back within a lock's
 * time.
 */
export const RETURN_GRACE_MS = 750;

/**
 * How tasks are delivered. A worker holds a lock on each task that it runs and renews it; every `stalledInterval` one of the workers checks
 * for tasks whose lock has expired. BullMQ would give a job up after some stalls, and so blame tasks that merely ran beside the one that
 * killed the worker; the journal decides whether a task is given up, so BullMQ's own limits are set out of reach. Renewing a lock may fail
 * once (its SQL can deadlock with a job that ends), so there is time for two. In Redis an expired lock cannot be renewed, however rare the
 * checks. In PostgreSQL it can be until a check takes the task back, so frequent checks give a slow worker a little less time: with one a
 * second it would have 3.5 s on average, with these it has 3.25 s.
 */
export const DELIVERY: Delivery = {
  lockDuration: 3_000,
  lockRenewTime: 1_000,
  stalledInterval: 500,
  maxStalledCount: 1_000_000,
  runRetryDelay: STORE_AWAY_RETRY_MS,
  drainDelay: 5,
};

/**
 * The longest time, in milliseconds, from the death of a worker until its tasks are given to others, while the store answers at once. In
 * the worst case the lock was renewed just before, and the check after its expiry is a whole interval away. A check takes back only what an
 * earlier one saw running, so one check must fall between the death and the end of the lock, even if the dead worker was the one that
 * checked and the next begins an interval late.
 */
export function givenBackWithinMs({ lockDuration, stalledInterval }: Delivery): number {
  const firstLookMs = 2 * stalledInterval;
  return Math.max(lockDuration, firstLookMs) + stalledInterval;
}
