import { setImmediate as nextTurn } from "node:timers/promises";

/** How often this thread has come to rest meanwhile: once where the work was done here. */
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
