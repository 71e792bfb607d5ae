import { Balancer, balancerMetrics, type EndpointSource } from "@signalbox/balancer";
import type { Send } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Services } from "../worker/converse.ts";
import type { ServiceTransports } from "./openServices.ts";

/** The endpoints of each remote service; one without endpoints runs in this process. */
export type ServiceEndpoints = { readonly [Name in keyof Services]: readonly EndpointSource[] | undefined };

/** Opens a balancer for each remote service. `close` ends their connections. */
export async function openServiceTransports(
  endpoints: ServiceEndpoints,
  log: Logger,
  metrics: Registry,
): Promise<{ transports: ServiceTransports; close: () => Promise<void> }> {
  const balancers: Balancer[] = [];
  const counted = balancerMetrics(metrics);
  const transportTo = async (service: keyof Services): Promise<Send | undefined> => {
    const sources = endpoints[service];
    if (sources === undefined) return undefined;
    const balancer = await Balancer.open({ service, sources, log, metrics: counted });
    balancers.push(balancer);
    return (call) => balancer.send(call);
  };
  const transports = {
    language: await transportTo("language"),
    memory: await transportTo("memory"),
    planning: await transportTo("planning"),
    tools: await transportTo("tools"),
  };
  return {
    transports,
    close: async () => {
      await Promise.all(balancers.map((balancer) => balancer.close()));
    },
  };
}
