import { backOffMs } from "@signalbox/model";

/**
 * One death of a part. `at` is in milliseconds of a monotonic clock; `readyMs` tells for how many milliseconds that
 * run had been ready (null: it never was), `wasKilled` whether it was killed from outside (SIGKILL).
 */
export interface Death {
  at: number;
  readyMs: number | null;
  wasKilled: boolean;
}

/** The decision after the latest death. */
export type RestartDecision = { kind: "restart"; delayMs: number } | { kind: "give_up"; reason: string };

/** The supervisor's patience; durations in milliseconds. */
export const RESTART_POLICY = {
  /** Deaths further apart than this do not count together. */
  windowMs: 60_000,
  /**
   * A part that was ready for so long and was then killed was healthy: deaths before that one do not count any more. One that
   * ends by itself after this time may still have a problem, and one that is killed sooner may be too large for the machine.
   */
  healthyMs: 5_000,
  /** The number of deaths within the window that shows a problem which a restart does not mend. */
  deathsMax: 30,
  /**
   * The number of consecutive runs that ended by themselves before they were
   * ready after which another is pointless. A killed run does not count.
   */
  neverReadyMax: 6,
  /** The same number over runs ended by anybody: a machine without enough memory for a part kills it each time. */
  neverReadyOrKilledMax: 15,
  /** The delays of restarts. */
  delays: { firstMs: 50, msMax: 5_000 },
  /**
   * The number of latest deaths that are answered with an immediate restart:
   * someone who kills a part twice still gets it back without waiting.
   */
  deathsAtOnce: 2,
} as const;

/** Judges a part's deaths, oldest first. The first restarts come at once, later ones with a delay that doubles. Pure. */
export function judgeDeath(allDeaths: readonly Death[], policy: typeof RESTART_POLICY = RESTART_POLICY): RestartDecision {
  const wasHealthy = ({ readyMs, wasKilled }: Death): boolean => wasKilled && readyMs !== null && readyMs >= policy.healthyMs;
  const deaths = allDeaths.slice(Math.max(0, allDeaths.findLastIndex(wasHealthy)));
  const now = deaths.at(-1)?.at ?? 0;
  const recent = deaths.filter((death) => now - death.at <= policy.windowMs).length;
  if (recent >= policy.deathsMax) {
    return { kind: "give_up", reason: `it ended ${recent} times within ${policy.windowMs / 1000} s` };
  }

  const sinceReady = deaths.slice(deaths.findLastIndex(({ readyMs }) => readyMs !== null) + 1);
  const neverReady = sinceReady.filter((death) => !death.wasKilled).length;
  if (neverReady >= policy.neverReadyMax) {
    return { kind: "give_up", reason: `it ended ${neverReady} times in a row before it was ready` };
  }
  if (sinceReady.length >= policy.neverReadyOrKilledMax) {
    return { kind: "give_up", reason: "it was killed again and again before it was ready (is there enough memory?)" };
  }

  const delayed = Math.max(1, recent - policy.deathsAtOnce + 1);
  return { kind: "restart", delayMs: backOffMs(policy.delays, delayed) };
}
