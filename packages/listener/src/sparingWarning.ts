import type { Logger } from "pino";

/** Repetitions of a message within this many milliseconds are counted instead of logged. */
const AGAIN_MS = 10_000;

/** Distinct messages are few; beyond this number they are not told apart. */
const MESSAGES_MAX = 100;

/** Opens a warning that is logged at once, and while it goes on, every ten seconds with the number of repetitions. */
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
