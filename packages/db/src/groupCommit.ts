import { AppError } from "@signalbox/model";

/** The largest group, in items and bytes, and the most groups under way at once. */
export type GroupCommitLimits = { itemsMax: number; bytesMax: number; handoversMax: number };

type Waiting<Item, Answer> = {
  item: Item;
  bytes: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/**
 * Turns a function of many items into one of a single item: items that arrive while others are under way wait and go together,
 * so that under load each item costs less; a lone item goes at once (group commit: Gray and Reuter, Transaction Processing,
 * 1993, §9.4). `handOver` returns an answer for every item in order, or throws without any effect: the group is then halved
 * until the offending item is alone, unless the failure has nothing to do with the items (`upstream_unavailable`).
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
      // Items that arrive in the same turn of the event loop go together.
      if (!isDeparting) setImmediate(depart);
      isDeparting = true;
    });
}
