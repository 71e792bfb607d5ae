/** Whether one trial of a task passed. */
export interface Trial {
  readonly task: string;
  readonly passed: boolean;
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

function countsByTask(trials: readonly Trial[]): { passed: number; total: number }[] {
  const counts = new Map<string, { passed: number; total: number }>();
  for (const { task, passed } of trials) {
    const count = counts.get(task) ?? { passed: 0, total: 0 };
    counts.set(task, { passed: count.passed + (passed ? 1 : 0), total: count.total + 1 });
  }
  return [...counts.values()];
}

/**
 * pass^k for every k from 1 to the smallest number of trials of a task, keyed `"1"`, `"2"`, …: the chance that k trials of a task all pass, estimated without bias
 * as C(passed, k) / C(trials, k), averaged over the tasks. Exact up to one rounding at the end. No trials: no figures.
 */
export function passHatK(trials: readonly Trial[]): Record<string, number> {
  const tasks = countsByTask(trials);
  const kMax = tasks.length === 0 ? 0 : Math.min(...tasks.map(({ total }) => total));
  const figures: Record<string, number> = {};
  for (let k = 1; k <= kMax; k += 1) {
    let [numerator, denominator] = [0n, 1n];
    for (const { passed, total } of tasks) {
      const [good, all] = [choose(passed, k), choose(total, k)];
      [numerator, denominator] =
        all === denominator ? [numerator + good, denominator] : [numerator * all + good * denominator, denominator * all];
    }
    figures[k] = ratio(numerator, denominator * BigInt(tasks.length));
  }
  return figures;
}
