import { type Estimate, meanOverUnits, sumsOfUnits } from "../../statistics/estimates/meanOverUnits.ts";
import { passHatK, type TrialCount } from "../../statistics/estimates/passHatK.ts";

/** pass^k and pass@k for one k, with 95 % intervals over tasks. */
export interface PassFigures {
  readonly k: number;
  /** The chance that all of k trials of a task pass (Yao et al. 2024). */
  readonly passHatK: Estimate;
  /** The chance that at least one of k trials of a task passes (Chen et al. 2021). */
  readonly passAtK: Estimate;
}

/** The chance that k trials, drawn without return from `total` of which `some` are of a kind, are all of that kind. */
function allOf(some: number, total: number, k: number): number {
  let chance = 1;
  for (let index = 0; index < k; index += 1) chance *= Math.max(0, some - index) / (total - index);
  return chance;
}

const NONE: Estimate = { value: 0, interval: { lower: 0, upper: 1 } };

/** pass^k and pass@k for every k from 1 to the smallest number of trials of a task, both without bias. No trials: none. */
export function passK(counts: readonly TrialCount[]): PassFigures[] {
  const overTasks = (worth: (count: TrialCount) => number): Estimate =>
    meanOverUnits(sumsOfUnits(counts.map((count) => ({ sum: worth(count), count: 1, weight: count.tasks }))), true) ?? NONE;
  return Object.entries(passHatK(counts)).map(([key, value]) => {
    const k = Number(key);
    return {
      k,
      passHatK: { ...overTasks(({ passed, total }) => allOf(passed, total, k)), value },
      passAtK: overTasks(({ passed, total }) => 1 - allOf(total - passed, total, k)),
    };
  });
}
