import { AppError } from "@signalbox/model";

/** How much is handed on at a time, how many hand-overs are on their way at once, and how many items may wait for theirs (any, where nothing is said). Sizes are bytes. */
export type GatheringLimits = { itemsMax: number; bytesMax: number; handoversMax: number; waitingMax?: number; waitingBytesMax?: number };

type Waiting<Item, Answer> = {
  item: Item;
  bytes: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/** How soon a place is free where items wait for one another only. */
const RETRY_AFTER_MS = 1_000;

/**
 * Turns a function of many items into one of a single item: what comes while others are on their way waits and goes together, so that the busier it is
 * the less each item costs; what comes alone goes at once (group commit: Gray and Reuter, Transaction Processing, 1993, §9.4). `handOver` answers every item in order, or throws and has done nothing: then the items are
 * halved until the one that is to blame is alone, unless the failure has nothing to do with them (`upstream_unavailable`).
 */
export function gathered<Item, Answer>(
  { waitingMax = Number.POSITIVE_INFINITY, waitingBytesMax = Number.POSITIVE_INFINITY, ...limits }: GatheringLimits,
  handOver: (items: Item[]) => Promise<Answer[]>,
): (item: Item, bytes: number) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let waitingBytes = 0;
  let handovers = 0;
  let isDeparting = false;

  function takeNext(): Waiting<Item, Answer>[] {
    let bytes = 0;
    const beyond = waiting.findIndex((next, index) => {
      bytes += next.bytes;
      return index === limits.itemsMax || (index > 0 && bytes > limits.bytesMax);
    });
    const taken = waiting.splice(0, beyond === -1 ? waiting.length : beyond);
    for (const one of taken) waitingBytes -= one.bytes;
    return taken;
  }

  async function deliver(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await handOver(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (batch.length === 1 || (error instanceof AppError && error.code === "upstream_unavailable"))
        for (const { reject } of batch) reject(error);
      else {
        const middle = Math.ceil(batch.length / 2);
        await deliver(batch.slice(0, middle));
        await deliver(batch.slice(middle));
      }
    }
  }

  function depart(): void {
    isDeparting = false;
    while (waiting.length > 0 && handovers < limits.handoversMax) {
      handovers += 1;
      void deliver(takeNext()).then(() => {
        handovers -= 1;
        depart();
      });
    }
  }

  return (item, bytes) => {
    if (waiting.length >= waitingMax || waitingBytes + bytes > waitingBytesMax)
      return Promise.reject(
        new AppError("overloaded", "More requests wait to be stored than there is room for.", { retryAfterMs: RETRY_AFTER_MS }),
      );
    return new Promise((resolve, reject) => {
      waiting.push({ item, bytes, resolve, reject });
      waitingBytes += bytes;
      // What arrives in the same turn of the event loop goes together.
      if (!isDeparting) setImmediate(depart);
      isDeparting = true;
    });
  };
}
