import { type AdaptiveLimit, openAdaptiveLimit } from "./adaptiveLimit.ts";
import { type Breaker, openBreaker } from "./breaker.ts";
import { isEjected, keepCap, newStanding, noteFailure, noteProbe, noteSuccess, type Standing } from "./ejection.ts";
import { type Endpoint, meets } from "./endpoint.ts";
import { type KnownLoad, loadOf, type Reported } from "./load.ts";
import type { BalancerPolicy } from "./policy.ts";
import { twoChoices } from "./twoChoices.ts";

/** Who waits for a call: a person, or nobody in particular. Batch calls are the first to be turned away. */
export type Lane = "interactive" | "batch";

/** What a call asks of its endpoint. */
export interface CallNeeds {
  /** Labels that the endpoint must have. */
  needs: readonly string[];
  lane: Lane;
}

/** An endpoint and what is known of it. */
export interface Member extends KnownLoad {
  readonly endpoint: Endpoint;
  readonly standing: Standing;
  readonly breaker: Breaker;
  readonly limit: AdaptiveLimit;
  /** When a call to it worked last. */
  workedMs: number;
}

/** A call on its way to an endpoint. */
export interface Lease {
  readonly member: Member;
  readonly beganMs: number;
  readonly inFlight: number;
  readonly isTrial: boolean;
}

/** How a call to an endpoint ended. `gone`: nobody is there; `called off`: whoever asked no longer wants to know. */
export type Outcome = "worked" | "overloaded" | "failed" | "timed out" | "gone" | "called off";

/** Where a call may go: `busy` when every endpoint has enough to do, `unavailable` when none can be asked now, `unmet` when none is what the call needs. */
export type Choice = { kind: "endpoint"; member: Member } | { kind: "busy" | "unavailable" | "unmet" };

/** What happened to an endpoint, for those who count. */
export interface SetListener {
  ejected?: (member: Member) => void;
  broken?: (member: Member) => void;
}

/**
 * The endpoints of one service, and the rules by which calls go to them. No clock and no I/O: every time is passed in, in milliseconds of one monotonic clock,
 * and chance comes from `random`.
 */
export class EndpointSet {
  readonly #policy: BalancerPolicy;
  readonly #random: () => number;
  readonly #listener: SetListener;
  #members: Member[] = [];

  constructor(policy: BalancerPolicy, random: () => number, listener: SetListener = {}) {
    this.#policy = policy;
    this.#random = random;
    this.#listener = listener;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** The endpoints are these from now on. What is known of those that stay is kept; calls on their way to those that go may end. */
  replace(endpoints: readonly Endpoint[], nowMs: number): void {
    const known = new Map(this.#members.map((member) => [keyOf(member.endpoint), member]));
    this.#members = endpoints.map((endpoint) => known.get(keyOf(endpoint)) ?? this.#newMember(endpoint));
    keepCap(this.#standings(), nowMs, this.#policy.ejection);
  }

  /** Where a call goes. Endpoints that it has tried are tried again only if there is no other. */
  choose({ needs, lane }: CallNeeds, tried: ReadonlySet<Member>, nowMs: number): Choice {
    const able = this.#members.filter(({ endpoint }) => meets(endpoint, needs));
    if (able.length === 0) return { kind: "unmet" };
    const open = able.filter(({ standing, breaker }) => !isEjected(standing, nowMs) && breaker.admits(nowMs));
    if (open.length === 0) return { kind: "unavailable" };
    const fresh = open.filter((member) => !tried.has(member));
    const roomy = (fresh.length > 0 ? fresh : open).filter((member) => member.inFlight < this.#roomIn(member, lane));
    const member = twoChoices(roomy, loadOf, this.#random);
    return member === undefined ? { kind: "busy" } : { kind: "endpoint", member };
  }

  /** A call goes to an endpoint. */
  begin(member: Member, nowMs: number): Lease {
    member.inFlight += 1;
    return { member, beganMs: nowMs, inFlight: member.inFlight, isTrial: member.breaker.begin(nowMs) };
  }

  /** A call has ended; called once for each lease. */
  end({ member, beganMs, inFlight, isTrial }: Lease, outcome: Outcome, nowMs: number): void {
    const { standing, breaker, limit } = member;
    member.inFlight -= 1;
    const isFailure = outcome === "failed" || outcome === "gone" || outcome === "timed out";
    const wasClosed = breaker.state(nowMs) === "closed";
    // To be overloaded is no illness: the endpoint answers, and there is a limit for that.
    breaker.end(isTrial, isFailure ? "failed" : outcome === "called off" ? "neither" : "worked", nowMs);
    if (wasClosed && breaker.state(nowMs) !== "closed") this.#listener.broken?.(member);
    if (outcome === "worked") {
      member.workedMs = nowMs;
      limit.answered(nowMs - beganMs, inFlight);
      noteSuccess(standing, nowMs, this.#policy.ejection);
    }
    if (outcome === "overloaded" || outcome === "timed out") limit.overloaded();
    if (isFailure && noteFailure(standing, outcome === "gone", this.#standings(), nowMs, this.#policy.ejection))
      this.#listener.ejected?.(member);
  }

  /** An endpoint was asked how it is at `askedMs`. One that answered calls since then is not silent: it is only too busy to say so. */
  probed(member: Member, answer: { isAnswered: boolean; report: Reported | undefined }, askedMs: number, nowMs: number): void {
    const isAnswered = answer.isAnswered || member.workedMs >= askedMs;
    if (answer.isAnswered) member.reported = answer.report && { report: answer.report, inFlightThen: member.inFlight };
    if (noteProbe(member.standing, isAnswered, this.#standings(), nowMs, this.#policy.ejection)) this.#listener.ejected?.(member);
  }

  #newMember(endpoint: Endpoint): Member {
    return {
      endpoint,
      inFlight: 0,
      reported: undefined,
      standing: newStanding(),
      breaker: openBreaker(this.#policy.breaker),
      limit: openAdaptiveLimit(this.#policy.limit),
      workedMs: Number.NEGATIVE_INFINITY,
    };
  }

  #standings(): Standing[] {
    return this.#members.map(({ standing }) => standing);
  }

  #roomIn({ limit }: Member, lane: Lane): number {
    return lane === "batch" ? Math.max(1, Math.floor(limit.calls * this.#policy.lanes.batchShare)) : limit.calls;
  }
}

/** An endpoint with other labels is another one: calls that needed what it was must not go there. */
function keyOf({ url, labels }: Endpoint): string {
  return [url, ...[...labels].sort()].join("\n");
}
