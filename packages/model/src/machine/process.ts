/**
 * Calls `end` once when this process should go: SIGTERM, SIGINT, or the parent that forked it is gone
 * (its IPC channel closes), be it before this was called. `end` has `graceMs` to finish; then the
 * process goes anyway, so that no child outlives its parent by more than that. `leave` is how it goes.
 */
export function endWithParent(end: () => Promise<void>, leave: (exitCode: number) => void = process.exit, graceMs = 4_000): void {
  let isEnding = false;
  const endOnce = (): void => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(leave, graceMs, 0).unref();
    end().then(
      () => leave(0),
      () => leave(4),
    );
  };
  process.once("SIGTERM", endOnce);
  process.once("SIGINT", endOnce);
  process.once("disconnect", endOnce);
  // Without a parent it is undefined.
  if (process.connected === false) endOnce();
}
