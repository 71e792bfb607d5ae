import type { EvalResult } from "@signalbox/model";
import { type PassFigures, passK } from "../reports/passK/passK.ts";
import { type Estimate, meanOverUnits, sumsOfUnits, type UnitSums } from "../statistics/estimates/meanOverUnits.ts";
import type { TrialCount } from "../statistics/estimates/passHatK.ts";

/**
 * One scorer's sums over a run's results. `passed` counts passed tries, null where there is no threshold;
 * `min` and `max` are of its values, 0 without any; `unscored` counts the tries that it could not score.
 */
export interface ScorerSums {
  readonly name: string;
  readonly sums: UnitSums;
  readonly passed: number | null;
  readonly min: number;
  readonly max: number;
  readonly unscored: number;
}

/**
 * The figures of one scorer over a run. `mean` is over tries, its interval over units; without tries
 * it is 0, between 0 and 1. `unscored` tries, which it could not score, are in no other figure.
 */
export interface ScorerFigures {
  readonly name: string;
  readonly mean: Estimate;
  readonly passed: number | null;
  readonly tries: number;
  readonly units: number;
  readonly unscored: number;
}

/** The figures of a scorer from its sums. */
export function scorerFigures({ name, sums, passed, min, max, unscored }: ScorerSums): ScorerFigures {
  const mean = meanOverUnits(sums, min >= 0 && max <= 1) ?? { value: 0, interval: { lower: 0, upper: 1 } };
  return { name, mean, passed, tries: sums.count, units: sums.units, unscored };
}

/** For each item, the numbers of passed and of scored tries of a scorer. */
function itemTrials(tries: readonly EvalResult[], name: string): TrialCount[] {
  return [...Map.groupBy(tries, ({ itemId }) => itemId).values()].map((some) => {
    const scores = some.flatMap(({ scores }) => scores.filter((score) => score.name === name && !score.isFailure));
    return { passed: scores.filter(({ passed }) => passed === true).length, total: scores.length, tasks: 1 };
  });
}

/** The figures of every scorer of some results, in the order of the first result's scores, and pass^k of those with a threshold. */
export function figuresOf(results: readonly EvalResult[]): { scorers: ScorerFigures[]; passK: Record<string, PassFigures[]> } {
  const names = results[0]?.scores.map(({ name }) => name) ?? [];
  const byUnit = [...Map.groupBy(results, ({ unit }) => unit).values()];
  const scorers: ScorerFigures[] = [];
  const passes: Record<string, PassFigures[]> = {};
  for (const name of names) {
    const said = byUnit.map((tries) => tries.flatMap(({ scores }) => scores.filter((score) => score.name === name)));
    const units = said.map((some) => some.filter(({ isFailure }) => !isFailure)).filter(({ length }) => length > 0);
    const scores = units.flat();
    const values = scores.map(({ value }) => value);
    const isLine = scores.some(({ passed }) => passed === true) || (scores.length > 0 && scores.every(({ passed }) => passed !== null));
    scorers.push(
      scorerFigures({
        name,
        sums: sumsOfUnits(units.map((some) => ({ sum: some.reduce((sum, { value }) => sum + value, 0), count: some.length }))),
        passed: isLine ? scores.filter(({ passed }) => passed === true).length : null,
        min: values.reduce((a, b) => Math.min(a, b), values[0] ?? 0),
        max: values.reduce((a, b) => Math.max(a, b), values[0] ?? 0),
        unscored: said.flat().length - scores.length,
      }),
    );
    if (isLine) passes[name] = passK(byUnit.map((tries) => ({ items: itemTrials(tries, name), units: 1 })));
  }
  return { scorers, passK: passes };
}
