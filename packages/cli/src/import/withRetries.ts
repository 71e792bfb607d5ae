import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type BackOff, backOffMs, errorMessage, FAILURES } from "@signalbox/model";

/** The time for which a failing operation is retried, in milliseconds, and the signal that cancels it. */
export interface Patience {
  patienceMs: number;
  signal: AbortSignal;
}

const RETRY: BackOff = { firstMs: 50, msMax: 1_000 };

function mayPass(error: unknown): boolean {
  return !(error instanceof AppError) || FAILURES[error.code].retry;
}

/**
 * Runs `work` until it succeeds, with growing pauses, while its failures are temporary: parts restart. `work` must be safe
 * to repeat. Throws permanent failures at once, and `upstream_unavailable`, naming `what`, when patience is exhausted.
 */
export async function withRetries<T>(what: string, { patienceMs, signal }: Patience, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    const retryMs = backOffMs(RETRY, failures);
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      if (performance.now() + retryMs > deadline) {
        const why = errorMessage(error);
        throw new AppError("upstream_unavailable", `The ${what} has not answered for ${Math.round(patienceMs / 1000)} s: ${why}`, {
          cause: error,
          hint: "`./signalbox status` shows what is wrong; run again: it takes up where it stopped.",
        });
      }
    }
    await sleep(retryMs, undefined, { signal });
  }
}
