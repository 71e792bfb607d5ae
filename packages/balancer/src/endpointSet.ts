import type { Lane } from "@signalbox/model";
import { type AdaptiveLimit, openAdaptiveLimit } from "./adaptiveLimit.ts";
import { type Breaker, openBreaker } from "./breaker.ts";
import { isEjected, keepCap, newStanding, noteFailure, noteProbe, noteSuccess, type Standing } from "./ejection.ts";
import { type Endpoint, meets } from "./endpoint.ts";
import { type KnownLoad, loadOf, type Reported } from "./load.ts";
import type { Outcome, Probed } from "./outcome.ts";
import type { BalancerPolicy } from "./policy.ts";
import { twoChoices } from "./twoChoices.ts";

/** A call's requirements of its endpoint. Calls of the batch lane are shed first. */
export interface CallNeeds {
  /** Labels that the endpoint must have. */
  needs: readonly string[];
  lane: Lane;
}

/** An endpoint with its state. */
export interface Member extends KnownLoad {
  readonly endpoint: Endpoint;
  readonly standing: Standing;
  readonly breaker: Breaker;
  readonly limit: AdaptiveLimit;
  /** The time of the last successful call. */
  workedMs: number;
}

/** A call in flight to an endpoint. */
export interface Lease {
  readonly member: Member;
  readonly beganMs: number;
  readonly inFlight: number;
  readonly isTrial: boolean;
}

/**
 * The choice of an endpoint: `busy` when all are at their limits, `unavailable`
 * when none can be asked now, `unmet` when none has the labels that the call needs.
 */
export type Choice = { kind: "endpoint"; member: Member } | { kind: "busy" | "unavailable" | "unmet" };

/** A listener to events of endpoints, for metrics. */
export interface SetListener {
  ejected?: (member: Member) => void;
  broken?: (member: Member) => void;
}

/**
 * The endpoints of one service, and the rules by which calls are distributed. No clock and no I/O:
 * every time is passed in, in milliseconds of one monotonic clock, and chance comes from `random`.
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

  /** Replaces the endpoints. The state of those that stay is kept; calls in flight to the others may end. */
  replace(endpoints: readonly Endpoint[], nowMs: number): void {
    const known = new Map(this.#members.map((member) => [keyOf(member.endpoint), member]));
    this.#members = endpoints.map((endpoint) => known.get(keyOf(endpoint)) ?? this.#newMember(endpoint));
    keepCap(this.#standings(), nowMs, this.#policy.ejection);
  }

  /** Chooses an endpoint for a call. Endpoints that it has tried are tried again only if there is no other. */
  choose({ needs, lane }: CallNeeds, tried: ReadonlySet<Member>, nowMs: number): Choice {
    const able = this.#members.filter(({ endpoint }) => meets(endpoint, needs));
    if (able.length === 0) return { kind: "unmet" };
    const open = able.filter((member) => isOpen(member, nowMs));
    if (open.length === 0) return { kind: "unavailable" };
    const fresh = open.filter((member) => !tried.has(member));
    const roomy = (fresh.length > 0 ? fresh : open).filter((member) => member.inFlight < this.#roomIn(member, lane));
    const member = twoChoices(roomy, loadOf, this.#random);
    return member === undefined ? { kind: "busy" } : { kind: "endpoint", member };
  }

  /** Whether a call at an endpoint, with these needs, could be made at another one. */
  isOpenElsewhere(member: Member, needs: readonly string[], nowMs: number): boolean {
    return this.#members.some((other) => other !== member && meets(other.endpoint, needs) && isOpen(other, nowMs));
  }

  /** Notes the start of a call to an endpoint. */
  begin(member: Member, nowMs: number): Lease {
    member.inFlight += 1;
    return { member, beganMs: nowMs, inFlight: member.inFlight, isTrial: member.breaker.begin(nowMs) };
  }

  /**
   * Notes the end of a call; to be called once for each lease. `isTimed`: its
   * duration says something about the endpoint, not about a model that it asked.
   */
  end({ member, beganMs, inFlight, isTrial }: Lease, outcome: Outcome, nowMs: number, isTimed = true): void {
    const { standing, breaker, limit } = member;
    member.inFlight -= 1;
    const isFailure = outcome === "failed" || outcome === "gone" || outcome === "timed out";
    const wasClosed = breaker.state(nowMs) === "closed";
    // Overload is not an illness: the endpoint answers, and there is a limit for that.
    breaker.end(isTrial, isFailure ? "failed" : outcome === "given up" ? "untold" : "worked", nowMs);
    if (wasClosed && breaker.state(nowMs) !== "closed") this.#listener.broken?.(member);
    if (outcome === "worked") {
      member.workedMs = nowMs;
      limit.answered(isTimed ? nowMs - beganMs : undefined, inFlight);
      noteSuccess(standing, nowMs, this.#policy.ejection);
    }
    if (outcome === "overloaded" || outcome === "timed out") limit.overloaded();
    if (isFailure && noteFailure(standing, outcome === "gone", this.#standings(), nowMs, this.#policy.ejection))
      this.#listener.ejected?.(member);
  }

  /** Notes an endpoint's report of its load; undefined when it gives none. */
  reported(member: Member, report: Reported | undefined): void {
    member.reported = report && { report, inFlightThen: member.inFlight };
  }

  /**
   * Notes the result of a liveness probe sent at `askedMs`. An endpoint that has answered calls since then is not silent: it
   * is only too busy for the probe. Nor is one whose result comes much too late: we were the busy ones, and its answer may
   * lie unread. Returns whether the calls in flight to it hang: then its breaker opens too, whether or not it is ejected.
   */
  probed(member: Member, probed: Probed, askedMs: number, nowMs: number): boolean {
    const { probeMsMax, lagMsMax } = this.#policy.timing;
    if (probed === "silent" && nowMs - askedMs > probeMsMax + lagMsMax) return false;
    const isThere = probed === "answered" || member.workedMs >= askedMs;
    if (noteProbe(member.standing, isThere, this.#standings(), nowMs, this.#policy.ejection)) this.#listener.ejected?.(member);
    if (isThere || probed === "gone" || member.inFlight === 0) return false;
    if (member.breaker.state(nowMs) === "closed") this.#listener.broken?.(member);
    member.breaker.trip(nowMs);
    return true;
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

/** Whether an endpoint may be called now. */
function isOpen({ standing, breaker }: Member, nowMs: number): boolean {
  return !isEjected(standing, nowMs) && breaker.admits(nowMs);
}

/** An endpoint with other labels is another one: calls that needed the old ones must not go there. */
function keyOf({ url, labels }: Endpoint): string {
  return [url, ...[...labels].sort()].join("\n");
}
