import { type Estimate, meanOverUnits, sumsOfUnits } from "../../statistics/estimates/meanOverUnits.ts";
import { passHatKOf, type TrialCount } from "../../statistics/estimates/passHatK.ts";

/** The number of independent units with the same set of items and trials: a unit is an item, or what several items share. */
export interface UnitTrials {
  readonly items: readonly TrialCount[];
  readonly units: number;
}

/**
 * pass^k and pass@k for one k over the items with at least k trials, with 95 %
 * intervals over units; `lacking` counts the items with fewer, which are in neither.
 */
export interface PassFigures {
  readonly k: number;
  /** The chance that all of k trials of an item pass (Yao et al. 2024). */
  readonly passHatK: Estimate;
  /** The chance that at least one of k trials of an item passes (Chen et al. 2021). */
  readonly passAtK: Estimate;
  readonly lacking: number;
}

/** The probability that k trials, drawn without replacement from `total` of which `some` are of a kind, are all of that kind. */
function allOf(some: number, total: number, k: number): number {
  let chance = 1;
  for (let index = 0; index < k; index += 1) chance *= Math.max(0, some - index) / (total - index);
  return chance;
}

const NONE: Estimate = { value: 0, interval: { lower: 0, upper: 1 } };

/** The mean over the items of `units`; items of one unit carry less information than items of different ones. */
function overItems(units: readonly UnitTrials[], worth: (item: TrialCount) => number): Estimate {
  const sums = units.map(({ items, units: weight }) => ({
    sum: items.reduce((sum, item) => sum + item.tasks * worth(item), 0),
    count: items.reduce((count, { tasks }) => count + tasks, 0),
    weight,
  }));
  return meanOverUnits(sumsOfUnits(sums), true) ?? NONE;
}

/** The items of all units, with equal ones merged. */
function itemsOf(units: readonly UnitTrials[]): TrialCount[] {
  const alike = new Map<string, TrialCount>();
  for (const { items, units: weight } of units)
    for (const { passed, total, tasks } of items) {
      const key = `${passed} of ${total}`;
      alike.set(key, { passed, total, tasks: (alike.get(key)?.tasks ?? 0) + tasks * weight });
    }
  return [...alike.values()];
}

/** pass^k and pass@k for every k from 1 to the largest number of trials of an item, both unbiased. No trials: none. */
export function passK(units: readonly UnitTrials[]): PassFigures[] {
  const all = itemsOf(units);
  const kMax = all.reduce((most, { total }) => Math.max(most, total), 0);
  return Array.from({ length: kMax }, (_, index) => {
    const k = index + 1;
    const having = units
      .map(({ items, units: weight }) => ({ items: items.filter(({ total }) => total >= k), units: weight }))
      .filter(({ items }) => items.length > 0);
    return {
      k,
      passHatK: { ...overItems(having, ({ passed, total }) => allOf(passed, total, k)), value: passHatKOf(itemsOf(having), k) },
      passAtK: overItems(having, ({ passed, total }) => 1 - allOf(total - passed, total, k)),
      lacking: all.reduce((items, { total, tasks }) => items + (total < k ? tasks : 0), 0),
    };
  });
}
