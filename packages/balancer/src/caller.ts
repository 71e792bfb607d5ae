import { AsyncLocalStorage } from "node:async_hooks";
import type { Lane } from "@signalbox/model";
import type { CallNeeds } from "./endpointSet.ts";

/** On whose behalf calls are made: in which lane, and what the endpoints of each service, by its name, must be. */
export interface Caller {
  lane: Lane;
  needs: Readonly<Record<string, readonly string[] | undefined>>;
}

const callerHere = new AsyncLocalStorage<Caller>();

/** Does `work`; every call to a service in it is made on this behalf. Services' interfaces say what is asked, and this who asks. */
export function callingAs<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result> {
  return callerHere.run(caller, work);
}

/** What calls to a service need that are made here; nothing in particular unless somebody said so. */
export function needsHere(service: string): CallNeeds {
  const { lane = "interactive", needs = {} } = callerHere.getStore() ?? {};
  return { lane, needs: needs[service] ?? [] };
}
