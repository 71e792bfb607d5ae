/** Milliseconds of a monotonic clock. */
export type MonotonicClock = () => number;

/** The pace of requests. */
export interface Pace {
  /** Waits until the next request is due; resolves to the time from which its latency counts. Rejects when the signal aborts. */
  next(signal: AbortSignal): Promise<number>;
}

/** As fast as the server acknowledges: each connection sends when its last request was answered. */
export function closedLoop(clock: MonotonicClock): Pace {
  return { next: async () => clock() };
}

/**
 * A fixed number of requests per second, whatever the server does. A request that finds all connections busy is late, and
 * its latency counts from the time it was due: a stalling server is charged for the requests that would have come meanwhile.
 */
export function openLoop(
  { requestsPerSecond }: { requestsPerSecond: number },
  { clock, sleep }: { clock: MonotonicClock; sleep: (ms: number, signal: AbortSignal) => Promise<void> },
): Pace {
  const startedAt = clock();
  let released = 0;
  return {
    async next(signal) {
      const dueAt = startedAt + (released++ * 1_000) / requestsPerSecond;
      if (clock() >= dueAt) return dueAt;
      await sleep(dueAt - clock(), signal);
      return clock();
    },
  };
}
