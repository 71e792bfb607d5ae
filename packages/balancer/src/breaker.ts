/** The parameters of a breaker. */
export const BREAKER_POLICY = {
  /** The age in milliseconds at which a call weighs a third (1/e) of a current one. */
  memoryMs: 5_000,
  /** The smallest number of recent calls for which their failures mean something. */
  callsMin: 8,
  /** The share of failed calls that opens the breaker. */
  failedShare: 0.5,
  /** How long it stays open the first time; doubled each time that the trial call fails. */
  openMs: 500,
  openMsMax: 5_000,
} as const satisfies Record<string, number>;

export type BreakerPolicy = { readonly [Name in keyof typeof BREAKER_POLICY]: number };

export type BreakerState = "closed" | "open" | "half open";

/** Stops calls to an endpoint that mostly fails, and admits a trial call from time to time. Times are of one monotonic clock. */
export interface Breaker {
  state(nowMs: number): BreakerState;
  /** Whether a call may start now. */
  admits(nowMs: number): boolean;
  /** Notes the start of a call. Returns whether it is the trial. */
  begin(nowMs: number): boolean;
  /** Notes the end of a call; `untold` says nothing about the endpoint. */
  end(wasTrial: boolean, how: "worked" | "failed" | "untold", nowMs: number): void;
  /** Opens it without counting: calls hang, and their ends would be known too late. */
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
      // A call from before it opened says nothing new.
      if (openedFor > 0) return;
      count(how === "failed", nowMs);
      if (calls >= policy.callsMin && failures >= policy.failedShare * calls) open(nowMs);
    },
  };
}
