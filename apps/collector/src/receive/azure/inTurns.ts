import { setImmediate as nextTurn } from "node:timers/promises";

/** Runs `work` on each of `items`. The starts are separated by a turn of the event loop; after that they run concurrently. */
export function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  let turn: Promise<unknown> = Promise.resolve();
  return Promise.all(
    items.map((item) => {
      const begun = turn.then(() => work(item));
      turn = turn.then(() => nextTurn());
      return begun;
    }),
  );
}
