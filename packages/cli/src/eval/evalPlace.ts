import { portsAt } from "@signalbox/model";
import type { Config } from "../config.ts";
import { ServiceClient } from "../import/serviceClient.ts";
import { loopbackUrl } from "../supervisor/parts/parts.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { readRunState } from "../supervisor/stateFile.ts";
import { tasksKeyOf } from "../supervisor/stores/keySteps.ts";
import type { StoreUrls } from "../supervisor/stores/stores.ts";

/** The Signalbox that a run is kept in. Its parts are asked once at a time: the run itself has the patience. */
export interface EvalPlace {
  readonly stores: StoreUrls;
  readonly collectorUrl: string;
  readonly gateway: ServiceClient;
  readonly controller: ServiceClient;
  readonly signal: AbortSignal;
}

/** Finds the stores and the parts of the Signalbox on the data folder. Throws `upstream_unavailable` where none runs. */
export function openEvalPlace(config: Config, signal: AbortSignal): EvalPlace {
  const stores = runningStores(config, "DATABASE_URL");
  const ports = portsAt(readRunState(config.dataDir)?.portOffset ?? config.portOffset);
  const once = { patienceMs: 0, signal };
  return {
    ...{ stores, signal, collectorUrl: loopbackUrl(ports.otlpHttp) },
    gateway: new ServiceClient("gateway", loopbackUrl(ports.gateway), once, tasksKeyOf(config)),
    controller: new ServiceClient("controller", loopbackUrl(ports.controller), once),
  };
}
