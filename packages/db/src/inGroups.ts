import { AppError } from "@signalbox/model";

/** How large a group may get, and how many may be under way at once. */
export type GroupLimits = { itemsMax: number; groupsMax: number };

type Waiting<Item, Answer> = { item: Item; resolve: (answer: Answer) => void; reject: (reason: unknown) => void };

/**
 * Puts calls that come close together into one: while groups are under way the next one forms, so that the busier it is the larger they
 * get, and a call that comes alone waits for nobody (group commit: Gray and Reuter, Transaction Processing, 1993, §9.4). `work` answers
 * its items in their order. When it rejects a group of several, each of them is tried alone, so that none fails for another's fault; where
 * the store is away (`upstream_unavailable`) none is.
 */
export function inGroups<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { itemsMax, groupsMax }: GroupLimits,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let underWay = 0;
  let isStarting = false;

  async function answer(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await work(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (group.length === 1 || (error instanceof AppError && error.code === "upstream_unavailable"))
        for (const { reject } of group) reject(error);
      else for (const alone of group) await answer([alone]);
    }
  }

  function start(): void {
    isStarting = false;
    while (underWay < groupsMax && waiting.length > 0) {
      underWay += 1;
      void answer(waiting.splice(0, itemsMax)).then(() => {
        underWay -= 1;
        startSoon();
      });
    }
  }

  /** Whoever calls in the same turn of the event loop comes along. */
  function startSoon(): void {
    if (isStarting || underWay === groupsMax || waiting.length === 0) return;
    isStarting = true;
    setImmediate(start);
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      startSoon();
    });
}
