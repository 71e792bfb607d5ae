/** A counting semaphore with a queue. */
export type QuerySemaphore = {
  /** Waits for a slot and takes it; disposing releases it. Resolves to undefined after `waitMsMax`, or when `signal` aborts the wait. */
  take: (signal: AbortSignal, waitMsMax: number) => Promise<Disposable | undefined>;
  readonly waiting: number;
  readonly taken: number;
};

/** At most `count` holders at a time, first come, first served. */
export function createQuerySemaphore(count: number): QuerySemaphore {
  const line: (() => void)[] = [];
  let taken = 0;

  const handOn = (): void => {
    const next = line.shift();
    if (next === undefined) taken -= 1;
    else next();
  };
  const slot = (): Disposable => {
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) handOn();
        isHeld = false;
      },
    };
  };

  return {
    get waiting() {
      return line.length;
    },
    get taken() {
      return taken;
    },
    take: (signal, waitMsMax) => {
      if (signal.aborted) return Promise.resolve(undefined);
      if (taken < count) {
        taken += 1;
        return Promise.resolve(slot());
      }
      return new Promise((resolve) => {
        const settle = (result: Disposable | undefined): void => {
          clearTimeout(patience);
          signal.removeEventListener("abort", giveUp);
          resolve(result);
        };
        const enter = (): void => settle(slot());
        const giveUp = (): void => {
          line.splice(line.indexOf(enter), 1);
          settle(undefined);
        };
        const patience = setTimeout(giveUp, waitMsMax);
        signal.addEventListener("abort", giveUp, { once: true });
        line.push(enter);
      });
    },
  };
}
