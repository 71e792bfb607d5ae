import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../domains/withinMs.ts";

/** How long after a failed request a store that was away is probed again, in milliseconds. */
const PROBE_EVERY_MS = 500;

/** Sends requests to a store that may be away, and waits no longer than the caller can afford. */
export type StoreWatch = {
  /** The store's answer. Throws `upstream_unavailable` if none comes within `ms`, and at once while the store is known to be away. */
  answered: <Value>(ms: number, ask: () => Promise<Value>) => Promise<Value>;
  /** Like `answered`; but a store that does not answer counts as away from then on, until it answers a probe. */
  needed: <Value>(ms: number, ask: () => Promise<Value>) => Promise<Value>;
  close: () => void;
};

/**
 * Watches a store whose client waits for it without end. `probe` is a cheap request; the one in flight when the store comes back is the one
 * that notices. `log` gets one line when the store goes away, and one when it is back.
 */
export function openStoreWatch(probe: () => Promise<void>, log: Pick<Logger, "warn" | "info">): StoreWatch {
  let isAway = false;
  let isClosed = false;

  async function untilBack(): Promise<void> {
    while (isAway && !isClosed) {
      try {
        await probe();
        isAway = false;
        log.info("the queue's store is back");
      } catch {
        await delay(PROBE_EVERY_MS, undefined, { ref: false });
      }
    }
  }

  const answered: StoreWatch["answered"] = async (ms, ask) => {
    if (isAway) throw new AppError("upstream_unavailable", "The queue's store is away.");
    const answer = await withinMs(ms, ask());
    if (answer !== "too late") return answer;
    throw new AppError("upstream_unavailable", `The queue's store did not answer within ${ms} ms.`);
  };
  return {
    answered,
    needed: async (ms, ask) => {
      try {
        return await answered(ms, ask);
      } catch (error) {
        if (!isAway && error instanceof AppError && error.code === "upstream_unavailable") {
          isAway = true;
          log.warn({ err: error }, "the queue's store is away: new tasks wait for a sweeper");
          void untilBack();
        }
        throw error;
      }
    },
    close: () => {
      isClosed = true;
    },
  };
}
