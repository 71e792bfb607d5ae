import { parentPort, workerData } from "node:worker_threads";
import { CELLS, type Cell } from "./cells.ts";
import { simulateCell } from "./simulateCell.ts";

/** A range of simulation numbers of one cell. */
export interface Range {
  readonly cell: number;
  readonly from: number;
  readonly to: number;
}

/** A thread that simulates the ranges it is sent. */
const { seed } = workerData as { seed: number };
parentPort?.on("message", ({ cell, from, to }: Range) => {
  parentPort?.postMessage(simulateCell(CELLS[cell] as Cell, cell, seed, from, to));
});
