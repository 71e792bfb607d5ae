import { AppError } from "@signalbox/model";

/** How much is handed on at a time, and how many hand-overs are on their way at once. */
export type GroupCommitLimits = { itemsMax: number; bytesMax: number; handoversMax: number };

type Waiting<Item, Answer> = {
  item: Item;
  bytes: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * Turns a function of many items into one of a single item: what comes while others are on their way waits and goes together,
 * so that the busier it is the less each item costs; what comes alone goes at once (group commit: Gray and Reuter, Transaction
 * Processing, 1993, §9.4). `handOver` answers every item in order, or throws and has done nothing: then the items are halved
 * until the one that is to blame is alone, unless the failure has nothing to do with them (`upstream_unavailable`).
 */
export function groupCommit<Item, Answer>(
  limits: GroupCommitLimits,
  handOver: (items: Item[]) => Promise<Answer[]>,
): (item: Item, bytes: number) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let handovers = 0;
  let isDeparting = false;

  function takeNext(): Waiting<Item, Answer>[] {
    let bytes = 0;
    const beyond = waiting.findIndex((next, index) => {
      bytes += next.bytes;
      return index === limits.itemsMax || (index > 0 && bytes > limits.bytesMax);
    });
    return waiting.splice(0, beyond === -1 ? waiting.length : beyond);
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

  return (item, bytes) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, bytes, resolve, reject });
      // What arrives in the same turn of the event loop goes together.
      if (!isDeparting) setImmediate(depart);
      isDeparting = true;
    });
}
