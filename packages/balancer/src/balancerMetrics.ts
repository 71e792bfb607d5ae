import type { Lane } from "@signalbox/model";
import { Counter, Gauge, type Registry } from "prom-client";
import { isEjected } from "./ejection.ts";
import type { Member } from "./endpointSet.ts";
import type { Outcome } from "./outcome.ts";

/** The metrics of one service's balancer. */
export interface BalancerMetrics {
  called: (member: Member, outcome: Outcome) => void;
  ejected: (member: Member) => void;
  broken: (member: Member) => void;
  /** A call was retried, or was not because the budget was used up. */
  retried: (isWithinBudget: boolean) => void;
  /** A call was shed for want of room. */
  shed: (lane: Lane) => void;
}

/** The values that are read from a balancer when metrics are scraped. */
export interface Watched {
  service: string;
  members: () => readonly Member[];
  waiting: () => number;
  nowMs: () => number;
}

/** The metrics of a process's balancers. The label `endpoint` is the endpoint's URL, which has no secrets. */
export function balancerMetrics(registry: Registry): (watched: Watched) => BalancerMetrics {
  const ofEndpoint = ["service", "endpoint"] as const;
  const registers = [registry];
  const watched: Watched[] = [];
  const gauge = (name: string, help: string, read: (member: Member, nowMs: number) => number): void => {
    const metric = new Gauge({
      ...{ name, help, labelNames: ofEndpoint, registers },
      collect: () => {
        metric.reset();
        for (const { service, members, nowMs } of watched)
          for (const member of members()) metric.set({ service, endpoint: member.endpoint.url }, read(member, nowMs()));
      },
    });
  };
  gauge("signalbox_balancer_in_flight", "Calls on their way to an endpoint.", ({ inFlight }) => inFlight);
  gauge("signalbox_balancer_limit", "Calls that may be on their way to an endpoint at once.", ({ limit }) => limit.calls);
  gauge("signalbox_balancer_ejected", "Whether an endpoint is ejected (1) or not.", ({ standing }, nowMs) =>
    Number(isEjected(standing, nowMs)),
  );
  gauge(
    "signalbox_balancer_breaker_open",
    "Whether an endpoint's breaker is closed (0), tries it out (0.5) or is open (1).",
    ({ breaker }, nowMs) => {
      const state = breaker.state(nowMs);
      return state === "closed" ? 0 : state === "open" ? 1 : 0.5;
    },
  );
  const waitingCalls = new Gauge({
    ...{ name: "signalbox_balancer_waiting", help: "Calls that wait for room at an endpoint.", labelNames: ["service"], registers },
    collect: () => {
      for (const { service, waiting } of watched) waitingCalls.set({ service }, waiting());
    },
  });
  const calls = new Counter({
    ...{ name: "signalbox_balancer_calls_total", help: "Calls to an endpoint by how they ended.", registers },
    labelNames: [...ofEndpoint, "outcome"],
  });
  const ejections = new Counter({
    name: "signalbox_balancer_ejections_total",
    help: "Ejections of an endpoint.",
    labelNames: ofEndpoint,
    registers,
  });
  const openings = new Counter({
    ...{
      name: "signalbox_balancer_breaker_openings_total",
      help: "Times that an endpoint's breaker opened.",
      labelNames: ofEndpoint,
      registers,
    },
  });
  const retries = new Counter({
    ...{ name: "signalbox_balancer_retries_total", help: "Calls that were made again, and those for which the budget was used up." },
    ...{ labelNames: ["service", "budget"], registers },
  });
  const shed = new Counter({
    ...{
      name: "signalbox_balancer_shed_total",
      help: "Calls turned away for want of room, by lane.",
      labelNames: ["service", "lane"],
      registers,
    },
  });

  return (balancer) => {
    watched.push(balancer);
    const { service } = balancer;
    const labelsOf = ({ endpoint }: Member) => ({ service, endpoint: endpoint.url });
    return {
      called: (member, outcome) => calls.inc({ ...labelsOf(member), outcome }),
      ejected: (member) => ejections.inc(labelsOf(member)),
      broken: (member) => openings.inc(labelsOf(member)),
      retried: (isWithinBudget) => retries.inc({ service, budget: isWithinBudget ? "taken" : "used up" }),
      shed: (lane) => shed.inc({ service, lane }),
    };
  };
}
