import { mulberry32 } from "@signalbox/model";
import { shuffle } from "../shuffle.ts";

/** A labelled message. Without an intent it is out of scope. */
export interface Example {
  text: string;
  intent: string | null;
}

/** The fraction of rows held out: one in this many. */
const ONE_IN = 10;

/** Holds out a tenth of the examples of each intent, at least one where there are two. Both parts keep the order of the examples. */
export function holdOut(examples: readonly Example[], seed: number): { kept: Example[]; heldOut: Example[] } {
  const random = mulberry32(seed);
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
