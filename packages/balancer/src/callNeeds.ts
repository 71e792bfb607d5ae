import { AsyncLocalStorage } from "node:async_hooks";
import type { CallNeeds } from "./endpointSet.ts";

const needsHere = new AsyncLocalStorage<CallNeeds>();

/** What calls need unless somebody says so. */
const NO_NEEDS: CallNeeds = { needs: [], lane: "interactive" };

/** Does `work`; every call to a service in it has these needs. Services' interfaces say what is asked, and this who asks. */
export function callingWith<Result>(needs: CallNeeds, work: () => Promise<Result>): Promise<Result> {
  return needsHere.run(needs, work);
}

/** The needs of calls that are made here. */
export function currentNeeds(): CallNeeds {
  return needsHere.getStore() ?? NO_NEEDS;
}
