import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { CELLS } from "./cells.ts";
import type { Range } from "./gatesWorker.ts";
import type { CellResult } from "./simulateCell.ts";

/** The number of simulations that a thread takes at a time; results do not depend on it. */
const RANGE = 50;
const THREADS_MAX = 16;

/**
 * Runs `sims` simulations of every cell on all cores; returns the results
 * cell by cell. `onProgress` gets the number of finished simulations.
 */
export async function simulateMatrix(
  sims: number,
  seed: number,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<CellResult[]> {
  const ranges: Range[] = CELLS.flatMap((_, cell) =>
    Array.from({ length: Math.ceil(sims / RANGE) }, (__, part) => ({ cell, from: part * RANGE, to: Math.min(sims, (part + 1) * RANGE) })),
  );
  const results: CellResult[] = [];
  let done = 0;
  const threads = Array.from({ length: Math.min(availableParallelism(), THREADS_MAX, ranges.length) }, () => {
    return new Worker(new URL("./gatesWorker.ts", import.meta.url), { workerData: { seed } });
  });
  const work = async (thread: Worker): Promise<void> => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      thread.postMessage(range);
      const [result] = (await once(thread, "message", { signal })) as [CellResult];
      results.push(result);
      done += range.to - range.from;
      onProgress(done);
    }
  };
  try {
    await Promise.all(threads.map(work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return CELLS.map((_, cell) => joined(results.filter((result) => result.cell === cell)));
}

/** The parts of a cell joined, in the order of simulations. */
function joined(parts: readonly CellResult[]): CellResult {
  const inOrder = parts.toSorted((one, other) => one.from - other.from);
  const [first] = inOrder as [CellResult, ...CellResult[]];
  const concat = (arrays: readonly Int32Array[]): Int32Array => Int32Array.from(arrays.flatMap((array) => [...array]));
  return {
    ...first,
    exposed: concat(inOrder.map(({ exposed }) => exposed)),
    hits: Object.fromEntries(
      Object.keys(first.hits).map((gate) => [gate, concat(inOrder.map(({ hits }) => hits[gate] ?? new Int32Array()))]),
    ),
  };
}
