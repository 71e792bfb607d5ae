/**
 * One death of a part. `at` is in milliseconds of a monotonic clock; `wasReady` tells whether
 * that run had become ready, `wasKilled` whether it was killed from outside (SIGKILL).
 */
export interface Death {
  at: number;
  wasReady: boolean;
  wasKilled: boolean;
}

/** What to do about the latest death. */
export type RestartDecision = { kind: "restart"; delayMs: number } | { kind: "give_up"; reason: string };

/** How patient the supervisor is; durations in milliseconds. */
export const RESTART_POLICY = {
  /** Deaths further apart than this do not count together. */
  windowMs: 60_000,
  /** So many deaths within the window, and something is wrong that a restart does not mend. */
  deathsMax: 30,
  /**
   * So many runs in a row that ended by themselves before they were ready,
   * and the next one will too. One that was killed says nothing of it.
   */
  neverReadyMax: 6,
  /** So many in a row that ended before they were ready, whoever ended them: a machine without the memory for a part kills it each time. */
  neverReadyOrKilledMax: 15,
  delayMsMin: 50,
  delayMsMax: 5_000,
  /** So many of the latest deaths are answered at once: someone who kills a part twice still gets it back without waiting. */
  deathsAtOnce: 2,
} as const;

/** Judges a part's deaths, oldest first, the latest last. The first restarts come at once, later ones with a delay that doubles. Pure. */
export function judgeDeath(deaths: readonly Death[], policy: typeof RESTART_POLICY = RESTART_POLICY): RestartDecision {
  const now = deaths.at(-1)?.at ?? 0;
  const recent = deaths.filter((death) => now - death.at <= policy.windowMs).length;
  if (recent >= policy.deathsMax) {
    return { kind: "give_up", reason: `it ended ${recent} times within ${policy.windowMs / 1000} s` };
  }

  const sinceReady = deaths.slice(deaths.findLastIndex((death) => death.wasReady) + 1);
  const neverReady = sinceReady.filter((death) => !death.wasKilled).length;
  if (neverReady >= policy.neverReadyMax) {
    return { kind: "give_up", reason: `it ended ${neverReady} times in a row before it was ready` };
  }
  if (sinceReady.length >= policy.neverReadyOrKilledMax) {
    return { kind: "give_up", reason: "it was killed again and again before it was ready (is there enough memory?)" };
  }

  const doublings = Math.max(0, recent - policy.deathsAtOnce);
  return { kind: "restart", delayMs: Math.min(policy.delayMsMin * 2 ** doublings, policy.delayMsMax) };
}
