import { setImmediate as nextTurn } from "node:timers/promises";

/** How often this thread's event loop turned before `work` was done: once if the work was done on this thread. */
export async function turnsUntil(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  let turns = 0;
  for (; !isDone; turns += 1) await nextTurn();
  return turns;
}
