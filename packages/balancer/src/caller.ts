import { AsyncLocalStorage } from "node:async_hooks";
import type { Lane } from "@signalbox/model";
import type { CallNeeds } from "./endpointSet.ts";

/** The caller on whose behalf calls are made: its lane, and the labels that it needs of each service's endpoints, by the service's name. */
export interface Caller {
  lane: Lane;
  needs: Readonly<Record<string, readonly string[] | undefined>>;
}

const callerHere = new AsyncLocalStorage<Caller>();

/** Runs `work`; every call to a service within it is made on this behalf. Services' interfaces define the requests, and this the caller. */
export function callingAs<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result> {
  return callerHere.run(caller, work);
}

/** The needs of calls to a service in the current context; none unless `callingAs` set some. */
export function needsHere(service: string): CallNeeds {
  const { lane = "interactive", needs = {} } = callerHere.getStore() ?? {};
  return { lane, needs: needs[service] ?? [] };
}
