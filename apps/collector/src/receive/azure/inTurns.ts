import { setImmediate as nextTurn } from "node:timers/promises";

/** What `work` makes of each of `items`, begun one after the other with others' turns in between; each goes on by itself. */
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
