/** How long counts for operators are cached, in milliseconds. */
export const KEPT_MS = 1_000;

/**
 * Reads at most once in `ms` milliseconds, and once for all concurrent callers; in between, callers get the cached value. A failed read is
 * not cached: the next caller reads again. `nowMs` may be any clock.
 */
export function keptFor<Value>(ms: number, nowMs: () => number, read: () => Promise<Value>): () => Promise<Value> {
  let kept: { readMs: number; value: Promise<Value> } | null = null;
  return () => {
    if (kept !== null && nowMs() - kept.readMs < ms) return kept.value;
    const reading = { readMs: nowMs(), value: read() };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = null;
    });
    return reading.value;
  };
}
