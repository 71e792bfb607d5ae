/** For so long what is counted for operators holds, however often they ask. In milliseconds. */
export const KEPT_MS = 1_000;

/**
 * Reads at most once in `ms` milliseconds, and once for all who ask meanwhile: whoever asks more often is
 * given what was read. What could not be read is read again by the next who asks. `nowMs` is any clock's.
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
