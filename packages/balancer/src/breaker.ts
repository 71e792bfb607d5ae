/** When a breaker opens, and for how long. */
export const BREAKER_POLICY = {
  /** Failures of so many milliseconds ago weigh a third (1/e) of those of now. */
  memoryMs: 5_000,
  /** So many recent calls must there be before their failures mean something. */
  callsMin: 8,
  /** So great a share of them, and the breaker opens. */
  failedShare: 0.5,
  /** How long it stays open the first time; each time that the call it then lets through fails, twice as long. */
  openMs: 500,
  openMsMax: 5_000,
} as const satisfies Record<string, number>;

export type BreakerPolicy = { readonly [Name in keyof typeof BREAKER_POLICY]: number };

export type BreakerState = "closed" | "open" | "half open";

/**
 * Stops calls to an endpoint that mostly fails, and lets one through from time
 * to time to see whether it still does. Times are of one monotonic clock.
 */
export interface Breaker {
  state(nowMs: number): BreakerState;
  /** Whether a call may go now. */
  admits(nowMs: number): boolean;
  /** A call goes. Answers whether it is the one that tries the endpoint out. */
  begin(nowMs: number): boolean;
  /** A call has ended; one that is `untold` says nothing of the endpoint. */
  end(wasTrial: boolean, how: "worked" | "failed" | "untold", nowMs: number): void;
  /** Opens it without counting: calls hang, and how they end will be known too late. */
  trip(nowMs: number): void;
}

/** A closed breaker. */
export function openBreaker(policy: BreakerPolicy = BREAKER_POLICY): Breaker {
  let calls = 0;
  let failures = 0;
  let countedMs = 0;
  let openedFor = 0;
  let openUntilMs = 0;
  let isTrying = false;

  const count = (isFailure: boolean, nowMs: number): void => {
    const kept = Math.exp((countedMs - nowMs) / policy.memoryMs);
    countedMs = nowMs;
    calls = calls * kept + 1;
    failures = failures * kept + (isFailure ? 1 : 0);
  };
  const open = (nowMs: number): void => {
    openedFor = Math.min(policy.openMsMax, openedFor === 0 ? policy.openMs : openedFor * 2);
    openUntilMs = nowMs + openedFor;
  };
  const trip = (nowMs: number): void => {
    if (state(nowMs) === "closed") open(nowMs);
  };
  const close = (): void => {
    openedFor = 0;
    calls = 0;
    failures = 0;
  };
  const state = (nowMs: number): BreakerState => {
    if (openedFor === 0) return "closed";
    return nowMs < openUntilMs ? "open" : "half open";
  };

  return {
    state,
    trip,
    admits: (nowMs) => state(nowMs) === "closed" || (state(nowMs) === "half open" && !isTrying),
    begin(nowMs) {
      if (state(nowMs) === "closed") return false;
      isTrying = true;
      return true;
    },
    end(wasTrial, how, nowMs) {
      if (wasTrial) isTrying = false;
      if (how === "untold") return;
      if (wasTrial) return how === "worked" ? close() : open(nowMs);
      // What began before it opened says nothing new.
      if (openedFor > 0) return;
      count(how === "failed", nowMs);
      if (calls >= policy.callsMin && failures >= policy.failedShare * calls) open(nowMs);
    },
  };
}
