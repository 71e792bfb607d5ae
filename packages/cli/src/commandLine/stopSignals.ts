/** Signals that ask this process to end: Ctrl-C, a service manager, a terminal that closes. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C can arrive more than once: from the terminal, and passed on by whatever started us. */
const SAME_REQUEST_MS = 500;

/**
 * Waits for somebody to ask this process to end. `requested` resolves at the first request (also when a parent that forked us is gone);
 * a second one, half a second later or more, calls `insist`. Disposing gives the signals back.
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
