import { expect, test } from "vitest";
import { CELLS } from "./cells.ts";
import { rollsBackAt } from "./fixedRules.ts";
import { gateFigures } from "./gateFigures.ts";
import { MinuteCounts } from "./minuteCounts.ts";
import { simulateCell } from "./simulateCell.ts";

test("a cell's simulations are the same however they are divided among threads", () => {
  const index = CELLS.findIndex(({ kind, world }) => kind === "power" && world.effect === -0.1);
  const cell = CELLS[index] as (typeof CELLS)[number];
  const whole = simulateCell(cell, index, 1, 0, 4);
  const parts = [simulateCell(cell, index, 1, 0, 1), simulateCell(cell, index, 1, 1, 4)];
  expect(whole.hits.ours).toEqual(Int32Array.from(parts.flatMap(({ hits }) => [...(hits.ours ?? [])])));
  expect(simulateCell(cell, index, 2, 0, 4).exposed).not.toEqual(whole.exposed);
});

test("a rule rolls back when more checks have failed than its limit", () => {
  const counts = new MinuteCounts();
  counts.candidate.fill(10);
  counts.stable.fill(10);
  counts.stableSuccesses.fill(8);
  counts.candidateSuccesses.fill(8).fill(7, 20, 30);
  const rule = { name: "", kind: "relative", window: 5, interval: 1, margin: 0.05, failureLimit: 3 } as const;
  expect(rollsBackAt({ ...rule, interval: 5 }, counts)).toBeNull();
  expect(rollsBackAt(rule, counts)).toBe(25);
  expect(rollsBackAt({ ...rule, kind: "absolute", failureLimit: 0 }, counts)).toBe(22);
});

test("promises are judged by the worst cell, and the best tuned threshold by what it lets through", () => {
  const exposed = Int32Array.of(1_000, 1_000, 1_000, 1_000);
  const results = CELLS.map((cell, index) => {
    const wasFound = cell.kind === "power" && cell.world.effect !== 0;
    const ours = wasFound ? [100, 200, 300, 400] : index === 3 ? [50, -1, -1, -1] : [-1, -1, -1, -1];
    const rule = wasFound ? [700, 800, 900, -1] : [-1, -1, -1, -1];
    return {
      cell: index,
      from: 0,
      exposed,
      hits: { ours: Int32Array.from(ours), "relative, 5 min every 5, 5 points, limit 3": Int32Array.from(rule) },
    };
  });
  const figures = gateFigures(results, 4, 1);
  expect(figures).toMatchObject({ maxFalseRollback: 0.25, maxFalsePromotion: 0, exposedVersusBestTuned: 0.333 });
  expect(figures.bestTuned).toBe("relative, 5 min every 5, 5 points, limit 3");
  expect(figures.promises.find(({ name }) => name.startsWith("rolled back at -5"))).toMatchObject({ value: 1, isKept: true });
});

test("a rate above what is promised is kept within three standard errors of it, and both are told", () => {
  const falsely = (hits: number) => {
    const at = Int32Array.from({ length: 2_000 }, (_, sim) => (sim < hits ? 100 : -1));
    const cell = CELLS.findIndex(({ kind }) => kind === "false_promotion");
    const { promises } = gateFigures([{ cell, from: 0, exposed: at, hits: { ours: at } }], 2_000, 1);
    return promises.find(({ name }) => name.startsWith("false promotion"));
  };
  expect(falsely(104)).toMatchObject({ value: 0.052, standardError: 0.00496, promised: 0.05, max: 0.0646, isKept: true });
  expect(falsely(130)).toMatchObject({ value: 0.065, isKept: false });
});

test("dead letters and the split are promised too: an equal candidate's quiet, and what has to be found", () => {
  const results = CELLS.flatMap((cell, index) => {
    if (cell.kind !== "dead_letters" && cell.kind !== "split") return [];
    const isEqual = cell.kind === "dead_letters" ? cell.ratio === 1 : cell.loss === 0;
    const at = Int32Array.from({ length: 2_000 }, (_, sim) => (sim < (isEqual ? 40 : 1_990) ? 100 : -1));
    return [{ cell: index, from: 0, exposed: at, hits: { [cell.kind === "split" ? "split" : "ours"]: at } }];
  });
  const { promises } = gateFigures(results, 2_000, 1);
  const kept = (name: string) => promises.find((promise) => promise.name.startsWith(name));
  expect(kept("false rollback by dead letters")).toMatchObject({ value: 0.02, promised: 0.05, isKept: true });
  expect(kept("rolled back at 5 times")).toMatchObject({ value: 0.995, isKept: true });
  expect(kept("false alarm of the split")).toMatchObject({ value: 0.02, promised: 0.001, max: 0.0031, isKept: false });
  expect(kept("split called wrong")).toMatchObject({ value: 0.995, isKept: true });
});

test("no promise is kept without simulations", () => {
  const { promises } = gateFigures([], 4, 1);
  expect(promises.filter(({ isKept }) => isKept)).toEqual([]);
});
