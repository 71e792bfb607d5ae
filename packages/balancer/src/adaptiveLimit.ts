/** How the limit follows what it sees. */
export const LIMIT_POLICY = {
  callsInitial: 32,
  callsMin: 4,
  /** The bulkhead: more calls than this are never on their way to one endpoint. */
  callsMax: 256,
  /** Calls above the limit's own share that are let in to see whether there is room. */
  headroom: 4,
  /** Answers may take this many times as long as usual before the limit shrinks. */
  tolerance: 1.5,
  /** How much of a new estimate is taken over at once. */
  smoothing: 0.2,
  /** Over how many answers "usual" is averaged. */
  longWindow: 600,
  /** What is left of the limit after a refusal for overload, or a timeout. */
  backOff: 0.9,
} as const satisfies Record<string, number>;

export type LimitPolicy = { readonly [Name in keyof typeof LIMIT_POLICY]: number };

/** How many calls may be on their way to an endpoint at once. */
export interface AdaptiveLimit {
  /** A whole number of calls. */
  readonly calls: number;
  /**
   * An answer took so long, with so many calls on their way when it was
   * asked for. Where that says nothing of the endpoint, it is undefined.
   */
  answered(tookMs: number | undefined, inFlight: number): void;
  /** The endpoint said that it is too busy, or said nothing in time. */
  overloaded(): void;
}

/**
 * A limit that grows while answers take as long as usual and shrinks when they take longer:
 * they queue somewhere then (the gradient of Netflix's concurrency-limits, second version).
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
    // After a slow spell what is usual comes down faster than it would by averaging, or the limit would grow under load.
    if (usualMs > 2 * shortMs) usualMs *= 0.95;
    return Math.min(1, Math.max(0.5, (policy.tolerance * usualMs) / shortMs));
  };

  return {
    get calls() {
      return Math.floor(limit);
    },
    answered(tookMs, inFlight) {
      const gradient = tookMs === undefined ? 1 : gradientOf(Math.max(tookMs, 0.01));
      // A limit that nobody comes near says nothing about whether there is room for more.
      if (inFlight < limit / 2) return;
      change(limit + policy.smoothing * (limit * gradient + policy.headroom - limit));
    },
    overloaded() {
      change(limit * policy.backOff);
    },
  };
}
