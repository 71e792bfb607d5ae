import { Balancer, balancerMetrics, type EndpointSource } from "@signalbox/balancer";
import type { Send } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Services } from "../worker/converse.ts";
import type { ServiceWays } from "./openServices.ts";

/** Where each service runs: at these endpoints, or in this process when there are none. */
export type ServiceEndpoints = { readonly [Name in keyof Services]: readonly EndpointSource[] | undefined };

/** Opens a balancer for each service that runs somewhere else. `close` ends their connections. */
export async function openServiceWays(
  endpoints: ServiceEndpoints,
  log: Logger,
  metrics: Registry,
): Promise<{ ways: ServiceWays; close: () => Promise<void> }> {
  const balancers: Balancer[] = [];
  const counted = balancerMetrics(metrics);
  const wayTo = async (service: keyof Services): Promise<Send | undefined> => {
    const sources = endpoints[service];
    if (sources === undefined) return undefined;
    const balancer = await Balancer.open({ service, sources, log, metrics: counted });
    balancers.push(balancer);
    return (call) => balancer.send(call);
  };
  const ways = {
    language: await wayTo("language"),
    memory: await wayTo("memory"),
    planning: await wayTo("planning"),
    tools: await wayTo("tools"),
  };
  return {
    ways,
    close: async () => {
      await Promise.all(balancers.map((balancer) => balancer.close()));
    },
  };
}
