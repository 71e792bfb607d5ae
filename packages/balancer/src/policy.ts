import { LIMIT_POLICY, type LimitPolicy } from "./adaptiveLimit.ts";
import { BREAKER_POLICY, type BreakerPolicy } from "./breaker.ts";
import { EJECTION_POLICY, type EjectionPolicy } from "./ejection.ts";
import { RETRY_POLICY, type RetryPolicy } from "./retryBudget.ts";

/** How a balancer behaves, as far as it can be said once for all services. Durations in milliseconds. */
export interface BalancerPolicy {
  limit: LimitPolicy;
  breaker: BreakerPolicy;
  ejection: EjectionPolicy;
  retry: RetryPolicy;
  lanes: LanePolicy;
  timing: TimingPolicy;
}

/** How calls of the batch lane make room for the others when there is little. */
export interface LanePolicy {
  /** Batch calls use no more than this share of an endpoint's limit, and of the waiting room. */
  batchShare: number;
  /**
   * So many calls may wait for room at an endpoint, each for as long as it
   * has; one for which no endpoint can be asked any more is told so at once.
   */
  waitingMax: number;
}

export interface TimingPolicy {
  /** A whole call, with its waiting and its retries. */
  callMsMax: number;
  /** One try of it. */
  tryMsMax: number;
  connectMsMax: number;
  /**
   * How often an endpoint is asked whether it is there, and how long it has
   * to answer: together less than a second, by which a dead one is ejected.
   */
  probeEveryMs: number;
  probeMsMax: number;
  /** An answer that is missed later than that after its time was up is missed by us: our own timers are late. */
  lagMsMax: number;
  /** How often one of several is asked how busy it is, and how long it has to answer. */
  reportEveryMs: number;
  reportMsMax: number;
  /** How often the addresses of a name are asked for. */
  resolveEveryMs: number;
}

/** The policy unless somebody knows better. */
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
