import { AppError } from "@signalbox/model";
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from "cockatiel";

/** For each call that a tool may have in hand, so many may wait. */
const WAITING_PER_SLOT = 16;

/** Keeps one slow tool from taking what all others need: each has so many calls in hand, and so many waiting. */
export interface Bulkheads {
  /** Does `work` when the tool has a slot free. Throws `overloaded`, which can be tried again, when too many wait already. */
  run<Result>(tool: string, concurrencyMax: number, work: () => Promise<Result>): Promise<Result>;
}

export function openBulkheads(): Bulkheads {
  const byTool = new Map<string, BulkheadPolicy>();
  return {
    async run(tool, concurrencyMax, work) {
      const own = byTool.get(tool) ?? bulkhead(concurrencyMax, concurrencyMax * WAITING_PER_SLOT);
      byTool.set(tool, own);
      return own.execute(work).catch((error: unknown) => {
        if (isBulkheadRejectedError(error)) throw new AppError("overloaded", `Too many calls of ${tool} wait already.`);
        throw error;
      });
    },
  };
}
