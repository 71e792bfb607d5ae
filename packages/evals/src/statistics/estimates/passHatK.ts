/** Whether one trial of a task passed. */
export interface Trial {
  readonly task: string;
  readonly passed: boolean;
}

/** The number of tasks with `passed` of `total` trials passed. */
export interface TrialCount {
  readonly passed: number;
  readonly total: number;
  readonly tasks: number;
}

/** The number of ways to choose `k` of `n`. */
function choose(n: number, k: number): bigint {
  let ways = 1n;
  for (let index = 0; index < k; index += 1) ways = (ways * BigInt(n - index)) / BigInt(index + 1);
  return ways;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}

/** A fraction from 0 to 1 as a number: the nearest one if its reduced parts are exact numbers, else one within 1e-16. */
function ratio(numerator: bigint, denominator: bigint): number {
  const divisor = greatestDivisor(denominator, numerator);
  const [top, bottom] = [numerator / divisor, denominator / divisor];
  if (bottom <= Number.MAX_SAFE_INTEGER) return Number(top) / Number(bottom);
  const scale = 10n ** 17n;
  return Number((top * scale) / bottom) / Number(scale);
}

/** The number of tasks for each count of passed trials. */
export function trialCounts(trials: readonly Trial[]): TrialCount[] {
  const ofTasks = [...Map.groupBy(trials, ({ task }) => task).values()].map((some) => ({
    passed: some.filter(({ passed }) => passed).length,
    total: some.length,
  }));
  const alike = Map.groupBy(ofTasks, ({ passed, total }) => `${passed} of ${total}`).values();
  return [...alike].map((tasks) => ({ ...(tasks[0] as { passed: number; total: number }), tasks: tasks.length }));
}

/**
 * pass^k for one k: the probability that k trials of a task all pass (Yao et al. 2024), with the unbiased estimate C(passed,
 * k) / C(trials, k), averaged over the tasks, each of which has at least k trials. Exact up to one final rounding.
 */
export function passHatKOf(counts: readonly TrialCount[], k: number): number {
  const tasks = counts.reduce((sum, count) => sum + count.tasks, 0);
  let [numerator, denominator] = [0n, 1n];
  for (const count of counts) {
    const [good, all] = [choose(count.passed, k) * BigInt(count.tasks), choose(count.total, k)];
    [numerator, denominator] =
      all === denominator ? [numerator + good, denominator] : [numerator * all + good * denominator, denominator * all];
  }
  return ratio(numerator, denominator * BigInt(tasks));
}

/** pass^k for every k from 1 to the smallest number of trials of a task, keyed `"1"`, `"2"`, …. No trials: no figures. */
export function passHatK(counts: readonly TrialCount[]): Record<string, number> {
  const kMax = counts.length === 0 ? 0 : Math.min(...counts.map(({ total }) => total));
  return Object.fromEntries(Array.from({ length: kMax }, (_, index) => [index + 1, passHatKOf(counts, index + 1)]));
}
