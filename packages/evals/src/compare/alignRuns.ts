import type { EvalResult } from "@signalbox/model";
import { changeOf } from "./changeOf.ts";

/**
 * A run's result on an item: each scorer's mean over the item's trials, with the minimum and maximum, of the trials that could be scored.
 */
export interface AlignedCell {
  readonly scores: Readonly<Record<string, { readonly mean: number; readonly min: number; readonly max: number }>>;
  readonly trials: number;
  readonly failed: number;
  readonly traceId: string | null;
}

/**
 * An item with one cell per run, the baseline's first; null where a run does not have the item. `changes`
 * maps, for each candidate, the scorers whose mean differs from the baseline's to the difference.
 */
export interface AlignedRow {
  readonly itemId: string;
  readonly cells: readonly (AlignedCell | null)[];
  readonly changes: readonly Readonly<Record<string, number>>[];
}

type Scored = Pick<EvalResult, "itemId" | "state" | "scores" | "traceId">;

function cellOf(tries: readonly Scored[]): AlignedCell {
  const values = Map.groupBy(
    tries.flatMap(({ scores }) => scores.filter(({ isFailure }) => !isFailure)),
    ({ name }) => name,
  );
  const scores = [...values].map(([name, some]) => {
    const numbers = some.map(({ value }) => value);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    return [name, { mean, min: Math.min(...numbers), max: Math.max(...numbers) }] as const;
  });
  return {
    scores: Object.fromEntries(scores),
    trials: tries.length,
    failed: tries.filter(({ state }) => state === "failed").length,
    traceId: tries.find(({ traceId }) => traceId !== null)?.traceId ?? null,
  };
}

function changesOf(baseline: AlignedCell | null, candidate: AlignedCell | null): Record<string, number> {
  if (baseline === null || candidate === null) return {};
  const changes = Object.entries(candidate.scores).flatMap(([name, { mean }]) => {
    const before = baseline.scores[name]?.mean;
    const change = before === undefined ? 0 : changeOf(before, mean);
    return change === 0 ? [] : [[name, change] as const];
  });
  return Object.fromEntries(changes);
}

const worstOf = ({ changes }: AlignedRow): number => Math.min(0, ...changes.flatMap((one) => Object.values(one)));
const bestOf = ({ changes }: AlignedRow): number => Math.max(0, ...changes.flatMap((one) => Object.values(one)));

/**
 * The items of a baseline and its candidates side by side: largest losses
 * first, then largest gains, then the others in the baseline's order.
 */
export function alignRuns(runs: readonly (readonly Scored[])[]): AlignedRow[] {
  const byItem = runs.map((tries) => Map.groupBy(tries, ({ itemId }) => itemId));
  const items = new Set(byItem.flatMap((tries) => [...tries.keys()]));
  const rows = [...items].map((itemId): AlignedRow => {
    const cells = byItem.map((tries) => {
      const some = tries.get(itemId);
      return some === undefined ? null : cellOf(some);
    });
    const [baseline = null, ...candidates] = cells;
    return { itemId, cells, changes: candidates.map((candidate) => changesOf(baseline, candidate)) };
  });
  return rows.sort((one, other) => worstOf(one) - worstOf(other) || bestOf(other) - bestOf(one));
}
