/** Every queue store keeps these; milliseconds, but for `drainDelay`, which is seconds. */
type Delivery = {
  lockDuration: number;
  lockRenewTime: number;
  stalledInterval: number;
  maxStalledCount: number;
  runRetryDelay: number;
  drainDelay: number;
};

/**
 * A store that was away is asked again so soon: for the next task, for tasks whose lock is over, and by a
 * connection to Redis. BullMQ would wait up to 5 s, longer than the rest takes together. Milliseconds.
 */
export const STORE_AWAY_RETRY_MS = 250;

/**
 * How tasks are delivered. A worker holds a lock on each task in its hand and renews it; somebody looks every
 * `stalledInterval` for tasks whose lock is over. BullMQ would give a job up after some stalls and so blame tasks that merely
 * stood beside the one that killed the worker; whether a task is given up is the journal's to say, so its own limits are out
 * of reach. A renewal of locks may fail for a moment (its SQL can deadlock with a job that ends), so there is time for two.
 * Whoever is slow is given no less time by looks that come often: a lock is as long in any case.
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
 * The longest from the death of a worker until its tasks are given to others, while the store answers at once: the lock was renewed
 * just before, and the look after it is a whole interval away. A look takes back what an earlier one saw in a hand, so one must come
 * between the death and the end of the lock: even where the dead one was who looked, and the next to look begins an interval late.
 */
export function givenBackWithinMs({ lockDuration, stalledInterval }: Delivery): number {
  const firstLookMs = 2 * stalledInterval;
  return Math.max(lockDuration, firstLookMs) + stalledInterval;
}
