import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";

/** The sequel of a round: another one at once, one after the loop's own pause, or one after a pause that the round chose. */
type Next = "more" | "idle" | { pauseMs: number };

/** Repeated work. `close` waits for the current round. */
export type Loop = { close: () => Promise<void> };

/**
 * Runs `round` again and again, `pauseMs` apart; one that returns "more" is followed
 * at once. A failed round is logged, and the next one comes after the pause.
 */
export function openLoop(name: string, pauseMs: number, log: Logger, round: () => Promise<Next>): Loop {
  const closing = new AbortController();
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const next = await round().catch((error: unknown): Next => {
        log.warn({ loop: name, err: error }, "a round failed; the next one follows");
        return "idle";
      });
      if (next !== "more")
        await delay(next === "idle" ? pauseMs : next.pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}
