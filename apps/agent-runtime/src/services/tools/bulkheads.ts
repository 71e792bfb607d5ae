import { AppError } from "@signalbox/model";
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from "cockatiel";

/** For each call that a tool may have in hand, so many may wait. */
const WAITING_PER_SLOT = 16;

/** So long a call waits for its tool; with the tool's own time it must end before its caller takes the whole service for ill. */
export const WAIT_MS_MAX = 5_000;

/** Keeps one slow tool from taking what all others need: each has so many calls in hand, and so many waiting. */
export interface Bulkheads {
  /**
   * Does `work` when the tool has a slot free. Throws `overloaded`, which
   * can be tried again, when too many wait already or none is free for long.
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
