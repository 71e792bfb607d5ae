import { LIMIT_POLICY, type LimitPolicy } from "./adaptiveLimit.ts";
import { BREAKER_POLICY, type BreakerPolicy } from "./breaker.ts";
import { EJECTION_POLICY, type EjectionPolicy } from "./ejection.ts";
import { RETRY_POLICY, type RetryPolicy } from "./retryBudget.ts";

/** The parameters of a balancer, the same for all services. Durations are in milliseconds. */
export interface BalancerPolicy {
  limit: LimitPolicy;
  breaker: BreakerPolicy;
  ejection: EjectionPolicy;
  retry: RetryPolicy;
  lanes: LanePolicy;
  timing: TimingPolicy;
}

/** How calls of the batch lane make room for others when there is little. */
export interface LanePolicy {
  /** The largest share of an endpoint's limit, and of the waiting room, that batch calls may use. */
  batchShare: number;
  /**
   * The most calls that may wait for room at an endpoint, each until its
   * deadline; a call that no endpoint can serve any more fails at once.
   */
  waitingMax: number;
}

export interface TimingPolicy {
  /** The time limit of a call, with its waits and retries. */
  callMsMax: number;
  /** The time limit of one try. */
  tryMsMax: number;
  connectMsMax: number;
  /** The interval of liveness probes, and their time limit: together less than a second, within which a dead endpoint is ejected. */
  probeEveryMs: number;
  probeMsMax: number;
  /** A missing answer that is noticed later than this after its deadline does not count: our own timers are late. */
  lagMsMax: number;
  /** The interval at which one of several endpoints is asked for its load, and the time limit for it. */
  reportEveryMs: number;
  reportMsMax: number;
  /** The interval at which names are resolved. */
  resolveEveryMs: number;
}

/** The default policy. */
export const BALANCER_POLICY: BalancerPolicy = {
  limit: LIMIT_POLICY,
  breaker: BREAKER_POLICY,
  ejection: EJECTION_POLICY,
  retry: RETRY_POLICY,
  lanes: { batchShare: 0.7, waitingMax: 256 },
  timing: {
    callMsMax: 15_000,
    tryMsMax: 10_000,
    connectMsMax: 500,
    probeEveryMs: 300,
    probeMsMax: 600,
    lagMsMax: 200,
    reportEveryMs: 500,
    reportMsMax: 1_000,
    resolveEveryMs: 2_000,
  },
};
