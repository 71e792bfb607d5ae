/** Milliseconds of a clock that never goes back. */
export type MonotonicClock = () => number;

/** When requests are sent. */
export interface Pace {
  /** Waits until the next request is due; answers the time from which its latency counts. Rejects when the signal aborts. */
  next(signal: AbortSignal): Promise<number>;
}

/** As fast as the server acknowledges: each connection sends when its last request was answered. */
export function closedLoop(clock: MonotonicClock): Pace {
  return { next: async () => clock() };
}

/**
 * A fixed number of requests per second, whatever the server does. A request that finds all connections busy is late, and its latency counts
 * from when it was due: a server that stalls is not spared what would have come meanwhile.
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
