/** Runs `work` on every item, in order, at most `inFlightMax` at a time. Rejects at the first failure; work in flight is left to end. */
export async function forEachBounded<T>(
  items: readonly T[],
  inFlightMax: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (hasFailed) return;
      await work(item, index);
    }
  };
  const lanes = Array.from({ length: Math.min(inFlightMax, items.length) }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    hasFailed = true;
  }
}
