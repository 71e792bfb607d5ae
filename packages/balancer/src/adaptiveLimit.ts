/** The parameters of the limit. */
export const LIMIT_POLICY = {
  callsInitial: 32,
  callsMin: 4,
  /** The bulkhead: the most calls in flight to one endpoint. */
  callsMax: 256,
  /** Calls admitted above the measured limit to find out whether there is room. */
  headroom: 4,
  /** The multiple of the usual latency beyond which the limit shrinks. */
  tolerance: 1.5,
  /** The weight of a new estimate. */
  smoothing: 0.2,
  /** The number of answers over which the usual latency is averaged. */
  longWindow: 600,
  /** The factor by which the limit shrinks after a refusal for overload, or a timeout. */
  backOff: 0.9,
} as const satisfies Record<string, number>;

export type LimitPolicy = { readonly [Name in keyof typeof LIMIT_POLICY]: number };

/** The limit on concurrent calls to an endpoint. */
export interface AdaptiveLimit {
  /** A whole number of calls. */
  readonly calls: number;
  /**
   * Notes the latency of an answer, and the calls in flight when it was requested.
   * `tookMs` is undefined where the time says nothing about the endpoint.
   */
  answered(tookMs: number | undefined, inFlight: number): void;
  /** Notes that the endpoint said it is too busy, or did not answer in time. */
  overloaded(): void;
}

/**
 * A limit that grows while latency is as usual and shrinks when it rises, which means that
 * calls queue somewhere (the gradient of Netflix's concurrency-limits, second version).
 */
export function openAdaptiveLimit(policy: LimitPolicy = LIMIT_POLICY): AdaptiveLimit {
  let limit = Math.min(policy.callsMax, Math.max(policy.callsMin, policy.callsInitial));
  let usualMs = 0;
  let answers = 0;

  const change = (wanted: number): void => {
    limit = Math.min(policy.callsMax, Math.max(policy.callsMin, wanted));
  };

  const gradientOf = (shortMs: number): number => {
    answers = Math.min(answers + 1, policy.longWindow);
    usualMs += (shortMs - usualMs) / answers;
    // After a slow spell the usual latency falls faster than by averaging, or the limit would grow under load.
    if (usualMs > 2 * shortMs) usualMs *= 0.95;
    return Math.min(1, Math.max(0.5, (policy.tolerance * usualMs) / shortMs));
  };

  return {
    get calls() {
      return Math.floor(limit);
    },
    answered(tookMs, inFlight) {
      const gradient = tookMs === undefined ? 1 : gradientOf(Math.max(tookMs, 0.01));
      // A limit that is far from reached says nothing about whether there is room for more.
      if (inFlight < limit / 2) return;
      change(limit + policy.smoothing * (limit * gradient + policy.headroom - limit));
    },
    overloaded() {
      change(limit * policy.backOff);
    },
  };
}
