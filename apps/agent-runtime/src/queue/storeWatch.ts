import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../domains/withinMs.ts";

/** A store that was away is asked again so long after a question that failed, in milliseconds. */
const PROBE_EVERY_MS = 500;

/** Asks a store that may be away, without waiting for it longer than a caller has time. */
export type StoreWatch = {
  /** What the store answers; throws `upstream_unavailable` where it does not within `ms`, and at once while it is known to be away. */
  answered: <Value>(ms: number, ask: () => Promise<Value>) => Promise<Value>;
  /** The same, and a store that does not answer is away from then on, until it answers a probe. */
  needed: <Value>(ms: number, ask: () => Promise<Value>) => Promise<Value>;
  close: () => void;
};

/**
 * Watches a store whose client waits for it without end. `probe` asks it something that costs little; one that is
 * under way when the store comes back is what finds that out. `log` has one line when it is away, and one when it is back.
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
