import { seededRandom, shuffle } from "../random.ts";

/** An example of what people write. Without an intent it is out of scope: it stands for none of them. */
export interface Example {
  text: string;
  intent: string | null;
}

/** One row in so many is held out. */
const ONE_IN = 10;

/** Holds a tenth of the examples of each intent out, at least one where there are two. Both parts keep the order of the examples. */
export function holdOut(examples: readonly Example[], seed: number): { kept: Example[]; heldOut: Example[] } {
  const random = seededRandom(seed);
  const heldOut = new Set<number>();
  const byIntent = Map.groupBy(examples.keys(), (index) => (examples[index] as Example).intent);
  for (const indexes of byIntent.values()) {
    const order = Int32Array.from(indexes);
    shuffle(order, order.length, random);
    const count = order.length < 2 ? 0 : Math.max(1, Math.floor(order.length / ONE_IN));
    for (const index of order.subarray(0, count)) heldOut.add(index);
  }
  return {
    kept: examples.filter((_, index) => !heldOut.has(index)),
    heldOut: examples.filter((_, index) => heldOut.has(index)),
  };
}
