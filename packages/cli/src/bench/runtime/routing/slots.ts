/** A fixed number of slots that callers share, like the tasks at work in a worker. */
export interface Slots {
  /** Runs `work` in a slot, once one is free. */
  within<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function openSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async within(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
