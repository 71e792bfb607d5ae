import { parentPort, workerData } from "node:worker_threads";
import { CELLS, type Cell } from "./cells.ts";
import { simulateCell } from "./simulateCell.ts";

/** Simulations of one cell, from one number up to another. */
export interface Range {
  readonly cell: number;
  readonly from: number;
  readonly to: number;
}

/** A thread that simulates what it is told to, range by range. */
const { seed } = workerData as { seed: number };
parentPort?.on("message", ({ cell, from, to }: Range) => {
  parentPort?.postMessage(simulateCell(CELLS[cell] as Cell, cell, seed, from, to));
});
