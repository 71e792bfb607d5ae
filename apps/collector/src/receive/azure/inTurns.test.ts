import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { inTurns } from "./inTurns.ts";

test("the event loop turns between the starts of two jobs, and the second does not wait for the first", async () => {
  let turns = 0;
  let areAllBegun = false;
  const others = (async () => {
    for (; !areAllBegun; turns += 1) await nextTurn();
  })();
  const begunAt: number[] = [];
  const allBegun = Promise.withResolvers<void>();
  const done = await inTurns(["a", "b", "c"], async (item) => {
    begunAt.push(turns);
    if (begunAt.length === 3) allBegun.resolve();
    await allBegun.promise;
    return item.toUpperCase();
  });
  areAllBegun = true;
  await others;
  expect(done).toEqual(["A", "B", "C"]);
  expect(new Set(begunAt).size).toBe(3);
});

test("the error of one job is the error of all", async () => {
  const work = (item: number): Promise<number> => (item === 1 ? Promise.reject(new Error("one")) : Promise.resolve(item));
  await expect(inTurns([0, 1, 2], work)).rejects.toThrow("one");
});
