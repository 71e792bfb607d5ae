import { AppError, type TryStore } from "@signalbox/model";
import { expect, test } from "vitest";
import { readScorers } from "../scorers/scorers.ts";
import { openMemoryTryStore } from "./memoryTryStore.ts";
import { type RunParts, runTries } from "./runTries.ts";
import { plainReply, type Question, type Target } from "./target.ts";

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    input: index,
    expectedOutput: index,
    expectedToolCalls: null,
    expectedState: null,
    metadata: { pair: index >> 1 },
  }));

/** A target that returns its input and records the questions. */
function echo(act: (question: Question) => unknown = () => undefined): Target & { asked: Question[] } {
  const asked: Question[] = [];
  return {
    asked,
    async ask(question) {
      asked.push(question);
      return plainReply((await act(question)) ?? question.item.input);
    },
  };
}

function run(parts: Partial<RunParts> & { target: Target; store: TryStore }): Promise<{ finished: number }> {
  return runTries({
    runId: "run",
    items: items(10),
    scorers: readScorers([{ name: "exact", options: {} }]),
    trials: 1,
    unitKey: null,
    concurrency: 3,
    ratePerSecond: null,
    isTraced: false,
    timeoutMs: 1_000,
    patienceMs: 0,
    signal: new AbortController().signal,
    ...parts,
  });
}

test("every trial of every item is asked once with a key of its own, and has a result", async () => {
  const [target, store] = [echo(), openMemoryTryStore()];
  expect(await run({ target, store, trials: 2, unitKey: "pair" })).toEqual({ finished: 20 });
  expect(new Set(target.asked.map(({ key }) => key)).size).toBe(20);
  expect(store.results).toHaveLength(20);
  expect(store.results.every(({ scores }) => scores[0]?.value === 1)).toBe(true);
  expect(store.results.find(({ itemId }) => itemId === "i3")?.unit).toBe("1");
});

test("a failure and a late answer are failed tries with the score 0", async () => {
  const store = openMemoryTryStore();
  const target = echo(({ item }) => {
    if (item.id === "i1") throw new Error("no such seat");
    return item.id === "i2" ? new Promise(() => {}) : undefined;
  });
  await run({ target, store, timeoutMs: 200 });
  const failed = store.results
    .filter(({ state }) => state === "failed")
    .map(({ itemId, error, scores }) => [itemId, error, scores[0]?.value]);
  expect(failed.sort()).toEqual([
    ["i1", "no such seat", 0],
    ["i2", "it took longer than 200 ms", 0],
  ]);
  expect(store.results).toHaveLength(10);
});

test("a target that is down stops the run; begun again it goes on where it stopped, with the same keys", async () => {
  const store = openMemoryTryStore();
  let isDown = false;
  const target = echo(({ item }) => {
    if (item.id === "i5") isDown = true;
    if (isDown) throw new AppError("upstream_unavailable", "The target is down.");
  });
  await expect(run({ target, store, concurrency: 1 })).rejects.toThrow("The target is down.");
  expect(store.results.map(({ itemId }) => itemId)).toEqual(["i0", "i1", "i2", "i3", "i4"]);

  const again = echo();
  expect(await run({ target: again, store, concurrency: 1 })).toEqual({ finished: 10 });
  expect(again.asked.map(({ item }) => item.id)).toEqual(["i5", "i6", "i7", "i8", "i9"]);
  expect(again.asked[0]?.key).toBe(target.asked.at(-1)?.key);
});

test.each(["unauthenticated", "forbidden"] as const)(
  "a target that refuses whoever asks (%s) stops the run, and no item has failed",
  async (code) => {
    const store = openMemoryTryStore();
    const target = echo(() => {
      throw new AppError(code, "Not with this key.");
    });
    await expect(run({ target, store })).rejects.toMatchObject({ code });
    expect(store.results).toEqual([]);
  },
);

test("a target that is back before patience ends is asked again", async () => {
  const store = openMemoryTryStore();
  let refusals = 2;
  const target = echo(() => {
    refusals -= 1;
    if (refusals >= 0) throw new AppError("upstream_unavailable", "Not yet.");
  });
  await run({ target, store, items: items(1), patienceMs: 5_000 });
  expect(store.results[0]).toMatchObject({ state: "answered" });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("a score of %s is refused, and the try has no result", async (value) => {
  const store = openMemoryTryStore();
  const scorers = [{ name: "odd", needs: null, score: () => ({ value, passed: null, explanation: "" }) }];
  await expect(run({ target: echo(), store, scorers, items: items(1) })).rejects.toThrow(`The scorer odd gave item i0 the score ${value}`);
  expect(store.results).toEqual([]);
});

test("an item without what a scorer judges by is refused before the target is asked", async () => {
  const target = echo();
  const scorers = readScorers([{ name: "trajectory", options: {} }]);
  await expect(run({ target, store: openMemoryTryStore(), scorers })).rejects.toThrow("it has no expectedToolCalls");
  expect(target.asked).toEqual([]);
});

test("starts keep to the rate", async () => {
  const starts: number[] = [];
  const target = echo(() => void starts.push(performance.now()));
  await run({ target, store: openMemoryTryStore(), items: items(5), ratePerSecond: 50 });
  expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(75);
});

test("a run that is called off ends", async () => {
  const abort = new AbortController();
  const target = echo(({ item }) => {
    if (item.id === "i3") abort.abort(new Error("enough"));
  });
  await expect(run({ target, store: openMemoryTryStore(), concurrency: 1, signal: abort.signal })).rejects.toThrow("enough");
  expect(target.asked).toHaveLength(4);
});
