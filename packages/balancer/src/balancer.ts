import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import type { BalancerMetrics, Watched } from "./balancerMetrics.ts";
import type { BreakerState } from "./breaker.ts";
import { needsHere } from "./caller.ts";
import { ConnectionPools } from "./connectionPools.ts";
import { openDiscovery, type Resolve, resolveHost } from "./discovery.ts";
import { isEjected } from "./ejection.ts";
import type { Endpoint, EndpointSource } from "./endpoint.ts";
import { type CallNeeds, EndpointSet, type Lease, type Member } from "./endpointSet.ts";
import { CALLED_OFF, probe, readMetrics, type ServiceAnswer, type ServiceCall, type Tried, tryCall } from "./httpCall.ts";
import { reportedIn } from "./load.ts";
import { BALANCER_POLICY, type BalancerPolicy } from "./policy.ts";
import { openRetryBudget, type RetryBudget } from "./retryBudget.ts";
import { type Waiting, WaitingRoom } from "./waitingRoom.ts";

/** The parts of a balancer. `service` is its name for people: "language". */
export interface BalancerOptions {
  service: string;
  sources: readonly EndpointSource[];
  log: Pick<Logger, "warn">;
  metrics?: (watched: Watched) => BalancerMetrics;
  policy?: BalancerPolicy;
  /** Random numbers in [0, 1): the same ones make the same choices. */
  random?: () => number;
  resolve?: Resolve;
  /** Milliseconds of a monotonic clock. */
  nowMs?: () => number;
}

/** The current state of an endpoint. */
export interface EndpointState {
  url: string;
  inFlight: number;
  limit: number;
  isEjected: boolean;
  breaker: BreakerState;
}

/** Statuses that mean "not now": another endpoint may do better. */
const NOT_NOW = new Set([429, 502, 503, 504]);

/** Distributes the calls to one service over its endpoints. */
export class Balancer {
  readonly #options: Required<Omit<BalancerOptions, "metrics">>;
  readonly #find: () => Promise<Endpoint[]>;
  readonly #set: EndpointSet;
  readonly #metrics: BalancerMetrics | undefined;
  readonly #budget: RetryBudget;
  readonly #waiting: WaitingRoom<Lease | AppError>;
  readonly #pools: ConnectionPools;
  /** Members whose liveness or load is being probed. */
  readonly #probed = new Set<Member>();
  readonly #read = new Set<Member>();
  /** The calls in flight, with the means to cancel them. */
  readonly #patience = new Map<Lease, { needs: readonly string[]; patience: AbortController }>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #closing = new AbortController();

  private constructor(options: BalancerOptions) {
    const policy = options.policy ?? BALANCER_POLICY;
    this.#options = { policy, random: Math.random, resolve: resolveHost, nowMs: () => performance.now(), ...options };
    const { service, log, sources } = options;
    this.#find = openDiscovery(sources, this.#options.resolve, (host, err) =>
      log.warn({ service, host, err }, "the addresses of a name cannot be found out"),
    );
    this.#set = new EndpointSet(policy, this.#options.random, {
      ejected: (member) => {
        log.warn({ service, endpoint: member.endpoint.url }, "an endpoint is ejected");
        this.#metrics?.ejected(member);
      },
      broken: (member) => {
        log.warn({ service, endpoint: member.endpoint.url }, "an endpoint's breaker is open");
        this.#metrics?.broken(member);
      },
    });
    this.#pools = new ConnectionPools(policy.timing.connectMsMax);
    this.#budget = openRetryBudget(policy.retry);
    this.#waiting = new WaitingRoom(policy.lanes.waitingMax, policy.lanes.batchShare);
    this.#metrics = options.metrics?.({
      ...{ service, members: () => this.#set.members, waiting: () => this.#waiting.size, nowMs: this.#options.nowMs },
    });
  }

  /**
   * Discovers the endpoints and starts to watch them. A name without an address yet does not fail the start: its service may come later.
   */
  static async open(options: BalancerOptions): Promise<Balancer> {
    const balancer = new Balancer(options);
    const { timing } = balancer.#options.policy;
    await balancer.#discover();
    if (options.sources.some(({ kind }) => kind === "name")) balancer.#every(timing.resolveEveryMs, () => void balancer.#discover());
    balancer.#every(timing.probeEveryMs, () => balancer.#probeAll());
    balancer.#every(timing.reportEveryMs, () => balancer.#readReports());
    balancer.#probeAll();
    balancer.#readReports();
    return balancer;
  }

  get states(): EndpointState[] {
    const nowMs = this.#options.nowMs();
    return this.#set.members.map(({ endpoint, inFlight, limit, standing, breaker }) => ({
      ...{ url: endpoint.url, inFlight, limit: limit.calls },
      ...{ isEjected: isEjected(standing, nowMs), breaker: breaker.state(nowMs) },
    }));
  }

  /**
   * Makes a call and returns the answer, whatever its status. Throws `upstream_unavailable` when nobody
   * answers, `overloaded` when there is no room; the needs of a call come from `callingAs`. When `halt`
   * is aborted the call ends at once, with the abort's reason, and counts against no endpoint.
   */
  async send(call: ServiceCall): Promise<ServiceAnswer> {
    const { policy, nowMs } = this.#options;
    const needs = needsHere(this.#options.service);
    const deadlineMs = nowMs() + (call.timeoutMs ?? policy.timing.callMsMax);
    const tried = new Set<Member>();
    this.#budget.called();
    for (let tries = 1; ; tries += 1) {
      call.halt?.throwIfAborted();
      const lease = await this.#place(needs, tried, deadlineMs, call.halt);
      const went = await this.#try(lease, needs, call, deadlineMs);
      if (went.outcome === "given up") throw went.cause;
      tried.add(lease.member);
      if (tries < policy.retry.triesMax && nowMs() < deadlineMs && this.#mayRepeat(call, went)) continue;
      if ("answer" in went) return went.answer;
      const how = went.outcome === "gone" ? "does not answer" : "did not answer in time";
      throw new AppError("upstream_unavailable", `The ${this.#options.service} service at ${lease.member.endpoint.url} ${how}.`, {
        cause: went.cause,
      });
    }
  }

  /** Closes the connections, after the calls in flight have ended. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#closing.abort();
    await this.#pools.close();
  }

  #every(ms: number, act: () => void): void {
    this.#timers.push(setInterval(act, ms).unref());
  }

  /** A place at an endpoint, perhaps after a wait. */
  async #place(needs: CallNeeds, tried: ReadonlySet<Member>, deadlineMs: number, halt: AbortSignal | undefined): Promise<Lease> {
    const nowMs = this.#options.nowMs();
    const choice = this.#set.choose(needs, tried, nowMs);
    if (choice.kind === "endpoint") return this.#set.begin(choice.member, nowMs);
    if (choice.kind !== "busy") throw this.#refusal(choice.kind, needs);
    return this.#waitForPlace(needs, tried, deadlineMs - nowMs, halt);
  }

  async #waitForPlace(needs: CallNeeds, tried: ReadonlySet<Member>, msLeft: number, halt: AbortSignal | undefined): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const shed = (): void => {
      this.#metrics?.shed(needs.lane);
      reject(this.#refusal("busy", needs));
    };
    const waiting: Waiting<Lease | AppError> = {
      call: needs,
      tryPlace: () => {
        const nowMs = this.#options.nowMs();
        const choice = this.#set.choose(needs, tried, nowMs);
        if (choice.kind === "busy") return undefined;
        return choice.kind === "endpoint" ? this.#set.begin(choice.member, nowMs) : this.#refusal(choice.kind, needs);
      },
      taken: (place) => {
        clearTimeout(patience);
        if (place instanceof AppError) reject(place);
        else resolve(place);
      },
    };
    const patience = setTimeout(() => {
      this.#waiting.leave(waiting);
      shed();
    }, msLeft);
    if (!this.#waiting.enter(waiting)) {
      clearTimeout(patience);
      shed();
    }
    const giveUp = (): void => {
      clearTimeout(patience);
      this.#waiting.leave(waiting);
      reject(halt?.reason);
    };
    halt?.addEventListener("abort", giveUp);
    try {
      return await promise;
    } finally {
      halt?.removeEventListener("abort", giveUp);
    }
  }

  #refusal(kind: "busy" | "unavailable" | "unmet", { needs, lane }: CallNeeds): AppError {
    const { service } = this.#options;
    switch (kind) {
      case "busy":
        return new AppError("overloaded", `The ${service} service has no room for another ${lane} call.`);
      case "unavailable":
        return new AppError("upstream_unavailable", `No endpoint of the ${service} service can be asked now: they failed too often.`);
      case "unmet":
        return new AppError("upstream_unavailable", `No endpoint of the ${service} service is ${needs.join(" and ") || "known"}.`, {
          hint: "Its setting lists the endpoints, and what each of them is behind a #.",
        });
    }
  }

  async #try(lease: Lease, { needs }: CallNeeds, call: ServiceCall, deadlineMs: number): Promise<Tried> {
    const { policy, nowMs } = this.#options;
    const msMax = Math.max(1, Math.min(call.timeoutMs ?? policy.timing.tryMsMax, deadlineMs - lease.beganMs));
    const patience = new AbortController();
    this.#patience.set(lease, { needs, patience });
    const went = await tryCall(this.#pools.of(lease.member.endpoint), call, msMax, patience);
    this.#patience.delete(lease);
    this.#set.end(lease, went.outcome, nowMs(), call.timeoutMs === undefined);
    this.#metrics?.called(lease.member, went.outcome);
    this.#waiting.serve();
    return went;
  }

  /** Whether a call may be retried after this result; takes it off the budget. */
  #mayRepeat({ isRepeatable }: ServiceCall, went: Tried): boolean {
    if ("answer" in went && !NOT_NOW.has(went.answer.status)) return false;
    // A call that nobody has seen is free: it needs neither to be repeatable nor a budget.
    if ("isUnsent" in went && went.isUnsent) return true;
    if (!isRepeatable) return false;
    // The endpoint is ejected by now, so this happens only as often as it hangs, and to no more calls than its limit.
    if ("isCalledOff" in went && went.isCalledOff) return true;
    const isWithinBudget = this.#budget.take();
    this.#metrics?.retried(isWithinBudget);
    return isWithinBudget;
  }

  /** Resolves the endpoints of the service. */
  async #discover(): Promise<void> {
    const endpoints = await this.#find();
    this.#set.replace(endpoints, this.#options.nowMs());
    this.#pools.keep(endpoints);
    this.#waiting.serve();
  }

  #probeAll(): void {
    for (const member of this.#set.members) void this.#probe(member);
  }

  async #probe(member: Member): Promise<void> {
    if (this.#probed.has(member)) return;
    const { policy, nowMs } = this.#options;
    this.#probed.add(member);
    const askedMs = nowMs();
    const patience = new AbortController();
    // Data already in the socket is read first.
    const timer = setTimeout(() => setImmediate(() => patience.abort()), policy.timing.probeMsMax);
    const probed = await probe(this.#pools.of(member.endpoint), AbortSignal.any([this.#closing.signal, patience.signal]));
    clearTimeout(timer);
    this.#probed.delete(member);
    if (this.#closing.signal.aborted) return;
    if (this.#set.probed(member, probed, askedMs, nowMs())) this.#callOff(member);
    this.#waiting.serve();
  }

  /** Asks the endpoints for their load; with only one, that would change nothing. */
  #readReports(): void {
    const { members } = this.#set;
    if (members.length > 1) for (const member of members) void this.#readReport(member);
  }

  async #readReport(member: Member): Promise<void> {
    if (this.#read.has(member)) return;
    this.#read.add(member);
    const text = await readMetrics(this.#pools.of(member.endpoint), this.#within(this.#options.policy.timing.reportMsMax));
    this.#read.delete(member);
    this.#set.reported(member, reportedIn(text ?? ""));
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ms)]);
  }

  /**
   * Cancels the calls to a hanging endpoint, so that they are made elsewhere.
   * Calls without an alternative wait on: it is their only chance.
   */
  #callOff(member: Member): void {
    const nowMs = this.#options.nowMs();
    for (const [lease, { needs, patience }] of this.#patience) {
      if (lease.member === member && this.#set.isOpenElsewhere(member, needs, nowMs)) patience.abort(CALLED_OFF);
    }
  }
}
