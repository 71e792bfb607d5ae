import { setTimeout as sleep } from "node:timers/promises";

const ASK_EVERY_MS = 500;

/**
 * Polls the number of remaining things until it is 0, or has not fallen
 * for `stallMs`; returns it, or infinity if no query succeeded. Failed queries are repeated: parts restart.
 */
export async function untilGone(
  { stallMs, signal }: { stallMs: number; signal: AbortSignal },
  ask: () => Promise<number>,
): Promise<number> {
  let [left, progressAt] = [Number.POSITIVE_INFINITY, performance.now()];
  for (;;) {
    const now = await ask().catch(() => left);
    signal.throwIfAborted();
    if (now < left) progressAt = performance.now();
    left = Math.min(left, now);
    if (left === 0 || performance.now() - progressAt > stallMs) return left;
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
