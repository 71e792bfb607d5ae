/**
 * Calls `end` once when this process should stop: on SIGTERM, SIGINT, or when the parent that forked it is
 * gone (its IPC channel closes, now or before this call). `end` has `graceMs` to finish; then the process
 * exits anyway, so that no child outlives its parent by more than that. `leave` exits the process.
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
  // `connected` is undefined in a process that was not forked.
  if (process.connected === false) endOnce();
}
