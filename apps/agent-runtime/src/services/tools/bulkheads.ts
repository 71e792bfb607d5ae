import { AppError } from "@signalbox/model";
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from "cockatiel";

/** How many calls may wait for each call that a tool may run at once. */
const WAITING_PER_SLOT = 16;

/**
 * The longest wait for a tool, in milliseconds. Together with the tool's own time limit it must end before the caller takes the whole
 * service for unhealthy.
 */
export const WAIT_MS_MAX = 5_000;

/** Keeps one slow tool from using up what the others need: each has a limit of running and of waiting calls. */
export interface Bulkheads {
  /**
   * Runs `work` when the tool has a free slot. Throws `overloaded`, which may be retried, if too many calls wait already or no slot becomes
   * free in time.
   */
  run<Result>(tool: string, concurrencyMax: number, work: () => Promise<Result>): Promise<Result>;
}

export function openBulkheads(waitMsMax = WAIT_MS_MAX): Bulkheads {
  const byTool = new Map<string, BulkheadPolicy>();
  return {
    async run(tool, concurrencyMax, work) {
      const own = byTool.get(tool) ?? bulkhead(concurrencyMax, concurrencyMax * WAITING_PER_SLOT);
      byTool.set(tool, own);
      const waiting = new AbortController();
      const tooLong = Promise.withResolvers<never>();
      const patience = setTimeout(() => {
        waiting.abort();
        tooLong.reject(new AppError("overloaded", `A call of ${tool} waited for ${waitMsMax} ms and is not begun.`));
      }, waitMsMax);
      const begin = () => {
        clearTimeout(patience);
        return work();
      };
      const done = own.execute(begin, waiting.signal).catch((error: unknown) => {
        clearTimeout(patience);
        if (isBulkheadRejectedError(error)) throw new AppError("overloaded", `Too many calls of ${tool} wait already.`);
        throw error;
      });
      return Promise.race([done, tooLong.promise]);
    },
  };
}
