import type { Logger } from "pino";

/** What is the same again within so many milliseconds is counted instead of logged. */
const AGAIN_MS = 10_000;

/** Different messages are few; more than so many are not told apart any more. */
const MESSAGES_MAX = 100;

/** Opens a warning that is logged at once, and when it goes on, every ten seconds with how many there were since. */
export function sparingWarning(log: Pick<Logger, "warn">, nowMs: () => number = () => performance.now()): (error: Error) => void {
  const latest = new Map<string, { atMs: number; untold: number }>();
  return (error) => {
    const { atMs, untold } = latest.get(error.message) ?? { atMs: Number.NEGATIVE_INFINITY, untold: 0 };
    if (nowMs() - atMs < AGAIN_MS) {
      latest.set(error.message, { atMs, untold: untold + 1 });
      return;
    }
    if (latest.size >= MESSAGES_MAX) latest.clear();
    latest.set(error.message, { atMs: nowMs(), untold: 0 });
    log.warn({ err: error, ...(untold === 0 ? {} : { timesSince: untold }) }, "requests cannot be answered right now");
  };
}
