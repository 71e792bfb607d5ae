/** Signals that ask this process to stop: Ctrl-C, a service manager, a terminal that closes. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The time within which repeated signals are one request: a Ctrl-C may arrive both from the terminal and from our parent. */
const SAME_REQUEST_MS = 500;

/**
 * Waits for a request to stop this process. `requested` resolves at the first one (also when a parent that forked
 * us is gone); a second one, at least half a second later, calls `insist`. Disposing removes the signal handlers.
 */
export function onStopRequest(insist: () => void): { requested: Promise<void>; isRequested: () => boolean } & Disposable {
  const { promise, resolve } = Promise.withResolvers<void>();
  let requestedAt: number | undefined;
  const request = (): void => {
    requestedAt ??= performance.now();
    resolve();
    if (performance.now() - requestedAt >= SAME_REQUEST_MS) insist();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, request);
  process.on("disconnect", request);
  return {
    requested: promise,
    isRequested: () => requestedAt !== undefined,
    [Symbol.dispose]: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, request);
      process.off("disconnect", request);
    },
  };
}
