import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";

/** What follows a round: another one at once, one after the loop's own pause, or one after a pause that the round chose. */
type Next = "more" | "idle" | { pauseMs: number };

/** Work that is done again and again. `close` waits for the round in hand. */
export type Loop = { close: () => Promise<void> };

/**
 * Does `round` again and again, `pauseMs` apart; a round that answers "more" is followed at once. A round that fails is logged and the
 * next one comes after the pause.
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
