import { setTimeout as sleep } from "node:timers/promises";

/** Limits the rate of starts: `ready` resolves when the next one may begin, at once without a rate. */
export function openPace(ratePerSecond: number | null): { ready(signal: AbortSignal): Promise<void> } {
  let nextAt = 0;
  return {
    async ready(signal) {
      if (ratePerSecond === null) return;
      const now = performance.now();
      const at = Math.max(now, nextAt);
      nextAt = at + 1_000 / ratePerSecond;
      if (at > now) await sleep(at - now, undefined, { signal });
    },
  };
}
