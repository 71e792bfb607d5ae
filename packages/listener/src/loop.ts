import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";

/** Work that is done again and again. `close` waits for the round in hand. */
export type Loop = { close: () => Promise<void> };

/**
 * Does `round` again and again, `pauseMs` apart; a round that answers "more" is followed at once. A round that fails is logged and the
 * next one comes after the pause.
 */
export function openLoop(name: string, pauseMs: number, log: Logger, round: () => Promise<"more" | "idle">): Loop {
  const closing = new AbortController();
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const next = await round().catch((error: unknown) => {
        log.warn({ loop: name, err: error }, "a round failed; the next one follows");
        return "idle" as const;
      });
      if (next === "idle") await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
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
