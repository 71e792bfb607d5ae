import { expect, test } from "vitest";
import { collect } from "./collect.ts";

const { signal } = new AbortController();

test("asks only for what is missing, until everything is there", async () => {
  const asked: number[][] = [];
  const progress: number[] = [];
  const ask = async (missing: readonly number[]) => {
    asked.push([...missing]);
    return new Map(missing.slice(0, 2).map((key) => [key, `value ${key}`]));
  };
  const found = await collect({
    what: "values",
    keys: [1, 2, 3],
    ask,
    stallMs: 1_000,
    signal,
    onProgress: (count) => progress.push(count),
  });
  expect(found).toEqual(
    new Map([
      [1, "value 1"],
      [2, "value 2"],
      [3, "value 3"],
    ]),
  );
  expect(asked).toEqual([[1, 2, 3], [3]]);
  expect(progress).toEqual([2, 3]);
});

test("says what is missing once nothing comes any more", async () => {
  const ask = async (missing: readonly number[]) => new Map(missing.includes(1) ? [[1, "value"]] : []);
  await expect(collect({ what: "finished tasks", keys: [1, 2, 3], ask, stallMs: 200, signal })).rejects.toMatchObject({
    code: "upstream_unavailable",
    message: "2 of 3 finished tasks are missing, and none came for 0.2 s.",
  });
});

test("the time in which nothing can come is no stall", async () => {
  let heldFor = 3;
  const ask = async () => new Map(heldFor === 0 ? [[1, "value"]] : []);
  const isHeld = async () => {
    heldFor -= 1;
    return true;
  };
  const found = await collect({ what: "values", keys: [1], ask, stallMs: 1, signal, isHeld });
  expect(found).toEqual(new Map([[1, "value"]]));
});

test("can be called off", async () => {
  const abort = new AbortController();
  const collected = collect({ what: "values", keys: [1], ask: async () => new Map(), stallMs: 60_000, signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(collected).rejects.toThrow();
});
