/**
 * Calls `end` once when this process should go: SIGTERM, SIGINT, or the parent that forked it is gone (its IPC channel closes).
 * `end` has `graceMs` to finish; then the process exits anyway, so that no child outlives its parent by more than that.
 */
export function endWithParent(end: () => Promise<void>, graceMs = 4_000): void {
  let isEnding = false;
  const endOnce = (): void => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(0), graceMs).unref();
    end().then(
      () => process.exit(0),
      () => process.exit(4),
    );
  };
  process.once("SIGTERM", endOnce);
  process.once("SIGINT", endOnce);
  process.once("disconnect", endOnce);
}
