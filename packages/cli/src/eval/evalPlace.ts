import type { PassingKeys, PrismaClient } from "@signalbox/db/prisma";
import { portsAt } from "@signalbox/model";
import type { Config } from "../config.ts";
import { ServiceClient } from "../import/serviceClient.ts";
import { loopbackUrl } from "../supervisor/parts/parts.ts";
import { readRunState } from "../supervisor/stateFile.ts";
import type { StoreUrls } from "../supervisor/stores/stores.ts";

/**
 * The Signalbox that stores a run. Its parts are called with a key of the run's project. The gateway and the
 * controller are each called once without retries, which are up to the run. The collector is waited for a while.
 */
export interface EvalPlace {
  readonly prisma: PrismaClient;
  readonly stores: StoreUrls;
  readonly collectorUrl: string;
  readonly collector: ServiceClient;
  readonly gateway: ServiceClient;
  readonly controller: ServiceClient;
  readonly signal: AbortSignal;
}

/** The time within which an unavailable collector may come back, in milliseconds; then the run stops. */
const COLLECTOR_PATIENCE_MS = 10_000;

/** Opens the parts of the Signalbox on the data folder for a project's run. */
export function openEvalPlace(
  config: Config,
  stores: StoreUrls,
  { prisma, project, keys, signal }: { prisma: PrismaClient; project: string; keys: PassingKeys; signal: AbortSignal },
): EvalPlace {
  const ports = portsAt(readRunState(config.dataDir)?.portOffset ?? config.portOffset);
  const once = { patienceMs: 0, signal };
  const key = () => keys.keyOf(project);
  const collectorUrl = loopbackUrl(ports.otlpHttp);
  return {
    ...{ prisma, stores, signal, collectorUrl },
    collector: new ServiceClient("collector", collectorUrl, { patienceMs: COLLECTOR_PATIENCE_MS, signal }, key),
    gateway: new ServiceClient("gateway", loopbackUrl(ports.gateway), once, key),
    controller: new ServiceClient("controller", loopbackUrl(ports.controller), once),
  };
}
